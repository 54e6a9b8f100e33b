import { setTimeout as wait } from 'node:timers/promises'

/** Holds a flow to a rate. `pass` resolves when that many bytes may flow. */
export type Throttle = { pass(bytes: number, signal?: AbortSignal): Promise<void> }

/** Longest nap: a changed rate is noticed within this time. */
const longestWaitMs = 250

/**
 * A bucket that fills at `rate()` bytes a second (null = no limit) and holds one second of it. Debt is allowed once, so
 * that a chunk larger than the bucket passes; the next one waits for it.
 */
export function createThrottle(rate: () => number | null): Throttle {
  let level = 0
  let filledAt = performance.now()
  return {
    async pass(bytes, signal) {
      while (true) {
        const limit = rate()
        const now = performance.now()
        if (limit === null) {
          filledAt = now
          return
        }
        level = Math.min(limit, level + ((now - filledAt) / 1000) * limit)
        filledAt = now
        if (level > 0) {
          level -= bytes
          return
        }
        const needed = limit === 0 ? longestWaitMs : Math.min(longestWaitMs, 1 + (-level / limit) * 1000)
        await wait(needed, undefined, { signal })
      }
    },
  }
}
