import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { judgeMissedPeriod } from './period-outcome.ts'

const times = { provingPeriodSeconds: 86_400, seedSeconds: 3_600, seedGapSeconds: 3_600 }
const start = 10 * 86_400
const judge = (own: number | null, next: number | null, nowSeconds: number) =>
  judgeMissedPeriod(10, { own, next }, nowSeconds, times)

describe('5.5 a period that ended without a proof', () => {
  it.each([
    ['a fault when both seeds came in time', start + 60, start + 86_400 + 60, 'fault'],
    ['a fault when both came in the last second', start + 3_600, start + 86_400 + 3_600, 'fault'],
    ['void when its own seed came a second too late', start + 3_601, start + 86_400, 'void'],
    ['void when its own seed never came', null, start + 86_400, 'void'],
    ['void when the next seed came a second too late', start, start + 86_400 + 3_601, 'void'],
    ['void when the next seed never came', start, null, 'void'],
  ] as const)('is %s', (_name, own, next, expected) => {
    expect(judge(own, next, start + 3 * 86_400)).toBe(expected)
  })

  it('is undecided until the next seed is there or late', () => {
    expect(judge(start, null, start + 86_400 + 3_600)).toBe('undecided')
    expect(judge(start, null, start + 86_400 + 3_601)).toBe('void')
  })

  it('once decided stays what it is, whatever time passes', () => {
    const seed = fc.option(fc.integer({ min: start, max: start + 2 * 86_400 }))
    const now = fc.nat(10 * 86_400)
    fc.assert(
      fc.property(seed, seed, now, now, (own, next, first, later) => {
        const before = judge(own, next, start + first)
        if (before !== 'undecided') expect(judge(own, next, start + first + later)).toBe(before)
      }),
    )
  })
})
