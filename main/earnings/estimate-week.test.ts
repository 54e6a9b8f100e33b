import fc from 'fast-check'
import { expect, test } from 'vitest'
import { estimateWeek, neededDays } from './estimate-week.ts'

const days = (minimum: number) =>
  fc.array(fc.bigInt({ min: 0n, max: 10n ** 24n }), { minLength: minimum, maxLength: 100 })

/** The range of an estimate that there is. */
function rangeOf(list: readonly bigint[]) {
  const estimate = estimateWeek(list)
  if (estimate.kind !== 'range') throw new Error('no range')
  return { ...estimate, low: BigInt(estimate.lowWei), high: BigInt(estimate.highWei) }
}

test('before two weeks nothing is claimed, only how much is missing', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: neededDays - 1 }), (seen) => {
      const estimate = estimateWeek(Array.from({ length: seen }, () => 5n))
      expect(estimate).toEqual({ kind: 'tooEarly', daysSeen: seen, daysNeeded: 14 })
    }),
  )
})

test('the range is in order, within what the worst and the best day would make of a week, and the same each time', () => {
  fc.assert(
    fc.property(days(neededDays), (list) => {
      const { low, high, basisDays, pastHits } = rangeOf(list)
      const basis = list.slice(-56).toSorted((left, right) => (left < right ? -1 : 1))
      expect(low <= high).toBe(true)
      expect(low >= 7n * basis[0]! && high <= 7n * basis.at(-1)!).toBe(true)
      expect(basisDays).toBe(Math.min(56, list.length))
      expect(pastHits === null).toBe(list.length < neededDays + 7)
      if (pastHits !== null) expect(pastHits.held <= pastHits.of && pastHits.of <= 8).toBe(true)
      expect(estimateWeek(list)).toEqual(estimateWeek([...list]))
    }),
    { numRuns: 30 },
  )
})

test('days that are all alike give that week exactly, and every past week held', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 10n ** 24n }), fc.integer({ min: 21, max: 90 }), (wei, number) => {
      const { low, high, pastHits } = rangeOf(Array.from({ length: number }, () => wei))
      expect([low, high]).toEqual([7n * wei, 7n * wei])
      expect(pastHits!.held).toBe(pastHits!.of)
    }),
    { numRuns: 20 },
  )
})

test('ten times the pay gives ten times the range', () => {
  fc.assert(
    fc.property(days(neededDays), (list) => {
      const [one, ten] = [rangeOf(list), rangeOf(list.map((wei) => wei * 10n))]
      expect([ten.low, ten.high]).toEqual([one.low * 10n, one.high * 10n])
      expect(ten.pastHits).toEqual(one.pastHits)
    }),
    { numRuns: 20 },
  )
})

test('of steady but noisy income the past weeks mostly lie inside, and after a collapse they are seen not to', () => {
  const noisy = Array.from({ length: 84 }, (_, day) => BigInt(800 + ((day * 7919) % 401)))
  expect(rangeOf(noisy).pastHits!.held).toBeGreaterThanOrEqual(5)
  const collapsed = [...noisy.slice(0, 70), ...Array.from({ length: 14 }, () => 0n)]
  const { held, of } = rangeOf(collapsed).pastHits!
  expect(of - held).toBeGreaterThanOrEqual(2)
})
