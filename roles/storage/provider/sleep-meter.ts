/** Notices that the computer slept: a clock that ticks every few seconds misses its ticks then. */
export type SleepMeter = {
  /** Milliseconds slept since the last call. */
  takeSleptMs(): number
  stop(): void
}

const tickMs = 2_000
/** A busy computer is late by seconds; only more than this is sleep. */
const leastSleepMs = 20_000

/** Sleep between two ticks: what is beyond the usual distance, when it is much. Pure. */
export function sleptBetween(beforeMs: number, nowMs: number): number {
  const beyond = nowMs - beforeMs - tickMs
  return beyond >= leastSleepMs ? beyond : 0
}

/** Starts ticking by the computer's clock; does not keep the process alive. */
export function createSleepMeter(now: () => number = Date.now): SleepMeter {
  let lastTickMs = now()
  let sleptMs = 0
  const tick = (): void => {
    const nowMs = now()
    sleptMs += sleptBetween(lastTickMs, nowMs)
    lastTickMs = nowMs
  }
  const timer = setInterval(tick, tickMs).unref()
  return {
    takeSleptMs() {
      tick()
      const taken = sleptMs
      sleptMs = 0
      return taken
    },
    stop: () => clearInterval(timer),
  }
}
