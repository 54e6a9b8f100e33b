import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isHealthy, planRepair } from './plan-repair.ts'
import { profiles, repairThreshold } from './profiles.ts'

const active = { state: 'active', lastProvenPeriod: null, firstPeriod: 0 } as const

describe('health of a set', () => {
  it('needs a proof in the running period or one of the two before', () => {
    expect([7, 8, 9, 10].map((lastProvenPeriod) => isHealthy({ ...active, lastProvenPeriod }, 10))).toEqual([
      false,
      true,
      true,
      true,
    ])
  })

  it('is taken on trust while no proof can be there', () => {
    expect(isHealthy({ ...active, firstPeriod: 9 }, 10)).toBe(true)
    expect(isHealthy({ ...active, firstPeriod: 8 }, 10)).toBe(false)
  })

  it('ends with the set, whatever was proven', () => {
    for (const state of ['none', 'dropping', 'ended'] as const) {
      expect(isHealthy({ ...active, state, lastProvenPeriod: 10 }, 10)).toBe(false)
    }
    expect(isHealthy(undefined, 10)).toBe(false)
  })
})

const file = fc
  .record({
    profile: fc.constantFrom(...profiles),
    segments: fc.integer({ min: 1, max: 6 }),
    gone: fc.uniqueArray(fc.integer({ min: 0, max: 59 })),
  })
  .map(({ profile: { k, n }, segments, gone }) => ({
    k,
    n,
    gone: new Set(gone.map((node) => `node ${node}`)),
    segments: Array.from({ length: segments }, (_, segment) => ({
      pieces: Array.from({ length: n }, (__, index) => ({ index, node: `node ${(index + segment * 7) % 60}` })),
    })),
  }))

describe('the plan of a repair', () => {
  it('rebuilds exactly the segments at or below the threshold, and all of what they lack', () => {
    fc.assert(
      fc.property(file, ({ gone, ...stored }) => {
        const plan = planRepair(stored, (node) => !gone.has(node))
        for (const [segmentIndex, { pieces }] of stored.segments.entries()) {
          const healthy = pieces.filter((piece) => !gone.has(piece.node)).length
          const due = plan.find((segment) => segment.segmentIndex === segmentIndex)
          expect(due !== undefined).toBe(healthy <= repairThreshold(stored.k, stored.n))
          if (due) expect(due).toMatchObject({ missing: stored.n - healthy })
          if (due) expect([...due.kept, ...due.lost]).toHaveLength(stored.n)
        }
      }),
    )
  })

  it('begins with the segment that is worst off', () => {
    fc.assert(
      fc.property(file, ({ gone, ...stored }) => {
        const kept = planRepair(stored, (node) => !gone.has(node), { everything: true }).map((one) => one.kept.length)
        expect(kept).toEqual([...kept].sort((left, right) => left - right))
        expect(kept.every((count) => count < stored.n)).toBe(true)
      }),
    )
  })

  it('moves the pieces of a node that refuses downloads, and in a segment that is well off no other', () => {
    fc.assert(
      fc.property(file, fc.integer({ min: 0, max: 59 }), ({ gone, ...stored }, number) => {
        const refuses = `node ${number}`
        const holds = (node: string): boolean => !gone.has(node)
        const unwanted = (node: string): boolean => node === refuses
        const plan = planRepair(stored, holds, { unwanted })
        for (const [segmentIndex, { pieces }] of stored.segments.entries()) {
          const due = plan.find((segment) => segment.segmentIndex === segmentIndex)
          const good = pieces.filter(({ node }) => holds(node) && !unwanted(node)).length
          if (pieces.some(({ node }) => unwanted(node))) expect(due).toBeDefined()
          if (due === undefined) continue
          expect(due.kept.map(({ node }) => node)).not.toContain(refuses)
          expect(due.missing).toBe(due.lost.length)
          if (good > repairThreshold(stored.k, stored.n)) expect(due.lost.map(({ node }) => node)).toEqual([refuses])
        }
      }),
    )
  })

  it('has nothing to do for a whole file', () => {
    const pieces = Array.from({ length: 12 }, (_, index) => ({ index, node: `${index}` }))
    expect(planRepair({ k: 4, n: 12, segments: [{ pieces }] }, () => true, { everything: true })).toEqual([])
  })
})
