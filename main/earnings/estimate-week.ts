import type { EarningsOverview } from '../api/earnings.ts'

export type Estimate = EarningsOverview['estimate']

/** Two weeks: less says nothing about how weeks differ. */
export const neededDays = 14
const weekDays = 7
/** Older days tell of other customers and other prices. */
const basisDays = 56
/** Days are drawn in runs of so many, since a good day is seldom alone. */
const runDays = 3
const draws = 500
/** Range between the quantiles of one and nine tenths. */
const lowDraw = Math.floor(draws / 10)
const highDraw = draws - 1 - lowDraw
/** Past weeks that the same estimate is held against. */
const checkedWeeks = 8

/**
 * What the next seven days will bring if they are like the past, in wei; `days` are sums of whole days, oldest first, from
 * the first that paid. Pure.
 *
 * A block bootstrap: five hundred weeks are put together from runs of three past days each, and four fifths of them lie in
 * the range. Whether that can be trusted is not claimed but counted: the same is done as of each of the past weeks, and
 * `pastHits` says how often what then came was inside. Random numbers begin with a fixed seed, so that the same days
 * always give the same range.
 */
export function estimateWeek(days: readonly bigint[]): Estimate {
  if (days.length < neededDays) return { kind: 'tooEarly', daysSeen: days.length, daysNeeded: neededDays }
  const { lowWei, highWei } = rangeOf(days)
  return {
    kind: 'range',
    lowWei: lowWei.toString(),
    highWei: highWei.toString(),
    basisDays: Math.min(days.length, basisDays),
    pastHits: pastHits(days),
  }
}

function pastHits(days: readonly bigint[]): { held: number; of: number } | null {
  const ends = Array.from({ length: checkedWeeks }, (_, back) => days.length - (back + 1) * weekDays)
  const checked = ends.filter((end) => end >= neededDays)
  if (checked.length === 0) return null
  const held = checked.filter((end) => {
    const { lowWei, highWei } = rangeOf(days.slice(0, end))
    const came = sum(days.slice(end, end + weekDays))
    return lowWei <= came && came <= highWei
  })
  return { held: held.length, of: checked.length }
}

function rangeOf(days: readonly bigint[]): { lowWei: bigint; highWei: bigint } {
  const basis = days.slice(-basisDays)
  const next = randomNumbers()
  const weeks = Array.from({ length: draws }, () => drawWeek(basis, next)).toSorted((left, right) =>
    left < right ? -1 : left > right ? 1 : 0,
  )
  return { lowWei: weeks[lowDraw]!, highWei: weeks[highDraw]! }
}

function drawWeek(basis: readonly bigint[], next: (below: number) => number): bigint {
  let total = 0n
  for (let drawn = 0; drawn < weekDays;) {
    const start = next(basis.length - runDays + 1)
    const run = basis.slice(start, start + Math.min(runDays, weekDays - drawn))
    total += sum(run)
    drawn += run.length
  }
  return total
}

/** A multiplicative congruential generator (Lehmer, modulus 2^31 - 1): weak, but enough to draw days. */
function randomNumbers(): (below: number) => number {
  const modulus = 2_147_483_647
  let state = 20_261_125
  return (below) => {
    state = (state * 48_271) % modulus
    return Math.floor((state / modulus) * below)
  }
}

function sum(amounts: readonly bigint[]): bigint {
  return amounts.reduce((total, amount) => total + amount, 0n)
}
