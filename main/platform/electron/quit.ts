import { app, BrowserWindow } from 'electron'
import type { Log } from '../../../roles/api/values.ts'

/** From the wish to quit to the end of the last process. */
const quitLimitMs = 5_000

/** Kept for letting go of files and locks after the last worker. */
const lastMomentMs = 500

export type QuitNeeds = {
  /** Finishes what was acknowledged and ends all children by the deadline (epoch milliseconds). */
  readonly drain: (options: { deadlineMs: number }) => Promise<void>
  /** Ends at once whatever is left. */
  readonly endChildren: () => void
  /** Called once, as soon as the wish to quit is known. */
  readonly onEnding: () => void
  readonly log: Log
}

export type Quitting = {
  /** True from the wish to quit on. */
  isEnding(): boolean
}

/**
 * Quit means quit: the roles are drained within a bound, then everything ends, also what did not listen. The same for
 * the menu, the closed window, SIGINT, SIGTERM and the end of the session.
 */
export function quitCleanly({ drain, endChildren, onEnding, log }: QuitNeeds): Quitting {
  let ending = false
  app.on('before-quit', (event) => {
    event.preventDefault()
    if (ending) return
    ending = true
    log.info('ending')
    onEnding()
    BrowserWindow.getAllWindows().forEach((window) => window.hide())
    void bounded(drain({ deadlineMs: Date.now() + quitLimitMs - lastMomentMs }), quitLimitMs)
      .catch((error: unknown) => log.error('quit was not clean', { error }))
      .finally(() => {
        endChildren()
        log.info('quit')
        app.exit(0)
      })
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => app.quit())
  return { isEnding: () => ending }
}

async function bounded(work: Promise<void>, limitMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not done after ${limitMs} ms`)), limitMs)
  })
  await Promise.race([work, limit]).finally(() => clearTimeout(timer))
}
