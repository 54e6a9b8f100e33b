import { setMaxListeners } from 'node:events'
import type { Log, Undo } from '../../roles/api/values.ts'

/** A task that comes again and again. */
export type Repeating = {
  /** Runs the task now, or once more right after the run that is under way. */
  poke(): void
  /** Ends it for good; the signal of a run that is under way ends too. */
  stop: Undo
}

/**
 * Runs a task now and then again so long after each end: never two at once, and a wait that a sleeping machine made longer
 * brings no burst. A task that fails is logged and comes again.
 */
export function every(
  intervalMs: number,
  task: (signal: AbortSignal) => Promise<void>,
  what: string,
  log: Log,
): Repeating {
  const life = new AbortController()
  // A task may hand its signal to any number of waits at once; Node takes more than ten listeners for a leak.
  setMaxListeners(0, life.signal)
  let timer: ReturnType<typeof setTimeout> | undefined
  let running = false
  let poked = false

  async function run(): Promise<void> {
    running = true
    poked = false
    try {
      await task(life.signal)
    } catch (error) {
      if (!life.signal.aborted) log.warn(`${what} failed.`, { error })
    }
    running = false
    if (!life.signal.aborted) timer = setTimeout(() => void run(), poked ? 0 : intervalMs)
  }

  void run()
  return {
    poke() {
      poked = true
      if (running || life.signal.aborted) return
      clearTimeout(timer)
      void run()
    },
    stop() {
      life.abort()
      clearTimeout(timer)
    },
  }
}
