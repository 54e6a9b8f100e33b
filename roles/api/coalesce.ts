/** A function that may be called as often as one likes and runs at most once per interval, the last call included. */
export type Coalesced = { request(): void; cancel(): void }

/** Runs `action` at once when it has been quiet, else when the interval since the last run has passed. */
export function coalesce(action: () => void, intervalMs: number): Coalesced {
  let timer: ReturnType<typeof setTimeout> | null = null
  let lastRunMs = Number.NEGATIVE_INFINITY
  const run = () => {
    timer = null
    lastRunMs = performance.now()
    action()
  }
  return {
    request() {
      if (timer !== null) return
      const waitMs = lastRunMs + intervalMs - performance.now()
      if (waitMs <= 0) run()
      else timer = setTimeout(run, waitMs)
    },
    cancel() {
      if (timer !== null) clearTimeout(timer)
      timer = null
    },
  }
}
