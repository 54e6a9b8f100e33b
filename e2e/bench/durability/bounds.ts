/** Probability of at least `least` hits in `trials` independent trials of probability `p`. */
export function binomialTail(trials: number, least: number, p: number): number {
  let sum = 0
  for (let hits = least; hits <= trials; hits++) sum += choose(trials, hits) * p ** hits * (1 - p) ** (trials - hits)
  return sum
}

/** Probability of at most `most` hits: the exact one-sided test of whether something happens rarer than with probability `p`. */
export function chanceOfSoFew(trials: number, most: number, p: number): number {
  return 1 - binomialTail(trials, most + 1, p)
}

function choose(of: number, taken: number): number {
  let result = 1
  for (let index = 1; index <= taken; index++) result = (result * (of - taken + index)) / index
  return result
}

/** The number of days within which the given share of waits ended. */
export function quantileDays(waitedDays: readonly number[], share: number): number {
  const total = waitedDays.reduce((sum, count) => sum + (count ?? 0), 0)
  let seen = 0
  for (const [days, count] of waitedDays.entries()) {
    seen += count ?? 0
    if (seen >= share * total) return days
  }
  return 0
}
