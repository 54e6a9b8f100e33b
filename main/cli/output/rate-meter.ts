/** Tells how fast something grows, over the last seconds. */
export type RateMeter = {
  /** `amount` is the total so far, at a time of one steady clock. */
  add(atMs: number, amount: number): void
  /** Per second; null until enough time has passed to say. */
  perSecond(): number | null
}

/** Long enough to be calm, short enough to notice a change. */
const windowMs = 15_000
const leastMs = 1_000
/** Samples nearer than this to the last one replace it, which bounds their number. */
const sampleEveryMs = 250

export function createRateMeter(): RateMeter {
  let samples: { atMs: number; amount: number }[] = []
  return {
    add(atMs, amount) {
      const before = samples.at(-2)
      if (before !== undefined && atMs - before.atMs < sampleEveryMs) samples.pop()
      samples.push({ atMs, amount })
      const oldest = samples.findIndex((sample) => sample.atMs >= atMs - windowMs)
      samples = samples.slice(Math.max(0, oldest))
    },
    perSecond() {
      const [first, last] = [samples[0], samples.at(-1)]
      if (first === undefined || last === undefined || last.atMs - first.atMs < leastMs) return null
      return Math.max(0, ((last.amount - first.amount) * 1000) / (last.atMs - first.atMs))
    },
  }
}
