import { HearthError } from '../../roles/api/errors.ts'
import type { Log } from '../../roles/api/values.ts'
import type { Platform } from '../api/platform.ts'
import type { PracticeStarter, StartedPractice } from '../app/engine-options.ts'
import { attachPractice } from './attach-practice.ts'
import { startPractice, type PracticeNetwork } from './start-practice.ts'

/**
 * How an engine gets its home's practice network: the one that runs already, started by `hearth practice` or another
 * window, else one of its own that ends with it.
 */
export function createPracticeStarter(o: { homeDirectory: string; platform: Platform; log: Log }): PracticeStarter {
  return async ({ onProgress, signal }) => {
    const found = await attach(o.homeDirectory, signal)
    if (found !== null) return found
    try {
      const own = await startPractice({ ...o, onProgress, signal })
      return {
        neighbours: own.neighbours.length,
        notice: own.notice,
        exited: own.exited,
        stop: (options) => end(own, options),
      }
    } catch (error) {
      // Somebody else was a moment faster: theirs is as good.
      const other =
        error instanceof HearthError && error.code === 'HOME_IN_USE' ? await attach(o.homeDirectory, signal) : null
      if (other !== null) return other
      throw error
    }
  }
}

async function attach(homeDirectory: string, signal: AbortSignal): Promise<StartedPractice | null> {
  const found = await attachPractice(homeDirectory, { signal })
  if (found === null) return null
  return {
    neighbours: found.neighbours.length,
    notice: null,
    exited: found.exited,
    stop: async () => found.detach(),
  }
}

async function end(own: PracticeNetwork, { deadlineMs }: { deadlineMs: number }): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, Math.max(0, deadlineMs - Date.now()))
  })
  await Promise.race([own.stop(), late])
  clearTimeout(timer)
}
