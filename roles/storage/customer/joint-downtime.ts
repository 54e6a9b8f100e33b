import type { CustomerContext } from './context.ts'
import { openProviderBook } from './provider-book.ts'

/** By period: whether a node was away, which is missing every proof of it. Periods in which it had nothing to prove are absent. */
export type Attendance = ReadonlyMap<number, boolean>

/** Two are called related when chance alone would bring about so many common absences less often than this. */
const chanceLimit = 0.001
/** One common absence is an evening without power somewhere; it says nothing about two homes. */
const leastCommon = 2

/**
 * How likely two independent homes are to be away together at least `common` times, in `periods` of which one was away `left` times and the
 * other `right` times: the upper tail of the hypergeometric distribution (Fisher's exact test).
 */
export function chanceOfOverlap(periods: number, left: number, right: number, common: number): number {
  const all = logChoose(periods, right)
  let chance = 0
  for (let both = Math.max(common, left + right - periods, 0); both <= Math.min(left, right); both++) {
    chance += Math.exp(logChoose(left, both) + logChoose(periods - left, right - both) - all)
  }
  return Math.min(1, chance)
}

/** True when two homes were away together more than chance explains: one line, one power grid, one owner. */
export function areDownTogether(left: Attendance, right: Attendance): boolean {
  const both = [...left.keys()].filter((period) => right.has(period))
  const awayLeft = both.filter((period) => left.get(period))
  const awayRight = both.filter((period) => right.get(period))
  const common = awayLeft.filter((period) => right.get(period)).length
  if (common < leastCommon) return false
  return chanceOfOverlap(both.length, awayLeft.length, awayRight.length, common) < chanceLimit
}

/**
 * The same providers; those that go down together with one before them come last (PROTOCOL 5.8). So they are put together only where too
 * few others are left. Pure; keeps the order otherwise.
 */
export function keepApart<T extends { readonly node: string }>(
  ordered: readonly T[],
  attendanceOf: (node: string) => Attendance,
): T[] {
  const apart: T[] = []
  const last: T[] = []
  for (const one of ordered) {
    const related = apart.some((other) => areDownTogether(attendanceOf(other.node), attendanceOf(one.node)))
    ;(related ? last : apart).push(one)
  }
  return [...apart, ...last]
}

/** What the customer's book knows of absences; whoever is not in it has none. */
export function readAttendance(
  { dataDirectory }: Pick<CustomerContext, 'dataDirectory'>,
  nodes: readonly string[],
): (node: string) => Attendance {
  const book = openProviderBook(dataDirectory)
  try {
    const known = new Map(
      nodes.map((node) => {
        const periods = book
          .periodsOf(node)
          .map(({ period, proven, missed }) => [period, proven === 0 && missed > 0] as const)
        return [node, new Map(periods)]
      }),
    )
    return (node) => known.get(node) ?? new Map()
  } finally {
    book.close()
  }
}

const logFactorials = [0]

function logFactorial(number: number): number {
  for (let at = logFactorials.length; at <= number; at++) logFactorials.push(logFactorials[at - 1]! + Math.log(at))
  return logFactorials[number]!
}

function logChoose(from: number, count: number): number {
  if (count < 0 || count > from) return -Infinity
  return logFactorial(from) - logFactorial(count) - logFactorial(from - count)
}
