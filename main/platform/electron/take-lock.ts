import { setTimeout as delay } from 'node:timers/promises'

export type LockNeeds = {
  /** Asks for the lock of this home; whoever has it hears of it. */
  readonly request: () => boolean
  /** Whether the app that has the lock is on its way out. */
  readonly isEnding: () => boolean
  readonly pause?: (ms: number) => Promise<unknown>
}

const lookEveryMs = 250
/** Three times what a quit may take: a busy computer lets the last process go late. */
const mostLooks = 60

/**
 * One app a home: true once this process is it. An app that is there keeps the lock, and this one is not needed; an app
 * that is ending is waited for. Starting it anew from the ending process would lose a start that comes in its last
 * moments, when it takes messages no more but still holds the lock.
 */
export async function takeLock({ request, isEnding, pause = delay }: LockNeeds): Promise<boolean> {
  for (let looks = 0; looks < mostLooks; looks++) {
    if (request()) return true
    if (!isEnding()) return false
    await pause(lookEveryMs)
  }
  return false
}
