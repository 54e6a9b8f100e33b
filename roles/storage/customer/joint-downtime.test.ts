import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { areDownTogether, chanceOfOverlap, keepApart, type Attendance } from './joint-downtime.ts'

/** Thirty periods, away in the given ones. */
const away = (...periods: number[]): Attendance =>
  new Map(Array.from({ length: 30 }, (_, period) => [period, periods.includes(period)]))

describe('the chance of common absences', () => {
  it('is that of drawing balls from an urn', () => {
    // Of 10 periods 3 and 3: all three in common is 1 of C(10, 3) = 120.
    expect(chanceOfOverlap(10, 3, 3, 3)).toBeCloseTo(1 / 120, 12)
    expect(chanceOfOverlap(10, 3, 3, 0)).toBeCloseTo(1, 12)
  })

  it('falls with every further common one and is the same from both sides', () => {
    const count = fc.integer({ min: 0, max: 30 })
    fc.assert(
      fc.property(count, count, count, (left, right, common) => {
        const chance = chanceOfOverlap(30, left, right, common)
        expect(chance).toBeCloseTo(chanceOfOverlap(30, right, left, common), 9)
        expect(chanceOfOverlap(30, left, right, common + 1)).toBeLessThanOrEqual(chance + 1e-12)
      }),
    )
  })
})

describe('5.8 homes that fail together', () => {
  it('are found although each of them misses little, and one common evening is no proof', () => {
    expect(areDownTogether(away(3, 11, 19, 27), away(3, 11, 19, 27))).toBe(true)
    expect(areDownTogether(away(3), away(3))).toBe(false)
    expect(areDownTogether(away(3, 11), away(4, 12))).toBe(false)
    expect(areDownTogether(away(), new Map())).toBe(false)
  })

  it('are not put together while others are left, whatever the order', () => {
    const nodes = Array.from({ length: 20 }, (_, index) => ({ node: `n${index}`, group: index % 5 }))
    const attendanceOf = (node: string) => {
      const group = Number(node.slice(1)) % 5
      // Groups 0 and 1 hang on one line each; the others are never away.
      return group === 0 ? away(1, 6, 11, 16, 21) : group === 1 ? away(2, 7, 12, 17, 22) : away()
    }
    fc.assert(
      fc.property(fc.shuffledSubarray(nodes, { minLength: 20 }), (ordered) => {
        const spread = keepApart(ordered, attendanceOf)
        expect(spread).toHaveLength(20)
        expect(new Set(spread)).toEqual(new Set(ordered))
        for (const group of [0, 1]) {
          expect(spread.slice(0, 14).filter((one) => one.group === group)).toHaveLength(1)
        }
      }),
    )
  })

  it('independent homes that are away a quarter of the time are hardly ever taken for related', () => {
    let state = 12345
    const random = () => (state = (state * 1103515245 + 12345) % 2 ** 31) / 2 ** 31
    const homes = Array.from(
      { length: 60 },
      () => new Map(Array.from({ length: 30 }, (_, period) => [period, random() < 0.25])),
    )
    const pairs = homes.flatMap((left, index) => homes.slice(index + 1).map((right) => areDownTogether(left, right)))
    expect(pairs.filter(Boolean).length / pairs.length).toBeLessThan(0.003)
  })
})
