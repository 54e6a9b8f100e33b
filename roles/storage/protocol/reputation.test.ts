import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  judgeProvider,
  neutralScore,
  reasonBounds,
  shouldDrop,
  type AuditFact,
  type ReasonName,
  type ReputationFacts,
} from './reputation.ts'

const newcomer: ReputationFacts = {
  proofs: [],
  boundForPeriods: 0,
  provisionWei: 0n,
  usualProvisionWei: 0n,
  ownAudits: [],
  othersAudits: [],
  retrievals: [],
  minimumBytesPerSecond: 0,
  jointDowntime: null,
  endedInOrder: 0,
  abandoned: 0,
}
const ago = fc.double({ min: 0, max: 400, noNaN: true })
const small = fc.nat(16)
const audit: fc.Arbitrary<AuditFact> = fc.record({
  periodsAgo: ago,
  right: small,
  late: small,
  wrong: small,
  silent: small,
})
const share = fc.double({ min: 0, max: 1, noNaN: true })
const retrieval = fc.record({
  periodsAgo: ago,
  outcome: fc.constantFrom('served' as const, 'failed' as const, 'refused' as const),
  bytesPerSecond: fc.option(fc.nat(1e9)),
})
const facts: fc.Arbitrary<ReputationFacts> = fc.record({
  proofs: fc.array(fc.record({ periodsAgo: ago, proven: small, missed: small })),
  boundForPeriods: fc.nat(5000),
  provisionWei: fc.bigInt({ min: 0n, max: 10n ** 27n }),
  usualProvisionWei: fc.bigInt({ min: 0n, max: 10n ** 27n }),
  ownAudits: fc.array(audit),
  othersAudits: fc.array(fc.record({ weight: share, audits: fc.array(audit) })),
  retrievals: fc.array(retrieval),
  minimumBytesPerSecond: fc.nat(1e8),
  jointDowntime: fc.option(share),
  endedInOrder: small,
  abandoned: small,
})
const pointsOf = (given: ReputationFacts, name: ReasonName): number =>
  judgeProvider(given).reasons.find((reason) => reason.name === name)!.points
const score = (given: ReputationFacts): number => judgeProvider(given).score
const clean = { periodsAgo: 0, right: 8, late: 0, wrong: 0, silent: 0 }

describe('a score', () => {
  it('is explained by its reasons to the last digit, each within its bounds, and lies between 0 and 100', () => {
    fc.assert(
      fc.property(facts, (given) => {
        const { score: total, reasons } = judgeProvider(given)
        expect(reasons.reduce((sum, { points }) => sum + points, neutralScore)).toBeCloseTo(total, 6)
        for (const { name, points } of reasons) {
          expect(points).toBeGreaterThanOrEqual(reasonBounds[name][0])
          expect(points).toBeLessThanOrEqual(reasonBounds[name][1])
        }
        expect(total).toBeGreaterThanOrEqual(0)
        expect(total).toBeLessThanOrEqual(100)
      }),
    )
  })

  it('of a newcomer is neutral, not zero', () => {
    expect(judgeProvider(newcomer)).toEqual({
      score: neutralScore,
      reasons: Object.keys(reasonBounds).map((name) => ({ name, points: 0 })),
    })
  })

  it('never falls for something good and never rises for something bad', () => {
    fc.assert(
      fc.property(facts, ago, (given, periodsAgo) => {
        const before = score(given)
        const proof = (proven: number, missed: number) => [...given.proofs, { periodsAgo, proven, missed }]
        expect(score({ ...given, proofs: proof(1, 0) })).toBeGreaterThanOrEqual(before)
        expect(score({ ...given, proofs: proof(0, 1) })).toBeLessThanOrEqual(before)
        const audited = (change: Partial<AuditFact>) => [...given.ownAudits, { ...clean, periodsAgo, ...change }]
        expect(score({ ...given, ownAudits: audited({}) })).toBeGreaterThanOrEqual(before)
        for (const bad of ['late', 'wrong', 'silent'])
          expect(score({ ...given, ownAudits: audited({ right: 0, [bad]: 8 }) })).toBeLessThanOrEqual(before)
        const fetched = (outcome: 'served' | 'failed' | 'refused') => [
          ...given.retrievals,
          { periodsAgo, outcome, bytesPerSecond: null },
        ]
        expect(score({ ...given, retrievals: fetched('served') })).toBeGreaterThanOrEqual(before)
        for (const bad of ['failed', 'refused'] as const)
          expect(score({ ...given, retrievals: fetched(bad) })).toBeLessThanOrEqual(before)
        expect(score({ ...given, abandoned: given.abandoned + 1 })).toBeLessThanOrEqual(before)
      }),
    )
  })

  it('forgets: what is long past moves it no more, and old guilt weighs less than fresh', () => {
    fc.assert(
      fc.property(facts, fc.integer({ min: 1, max: 300 }), (given, later) => {
        const aged = <T extends { periodsAgo: number }>(list: readonly T[], by: number): T[] =>
          list.map((one) => ({ ...one, periodsAgo: one.periodsAgo + by }))
        const past = { ...given, proofs: aged(given.proofs, 1e4), ownAudits: aged(given.ownAudits, 1e4) }
        expect(pointsOf(past, 'proofs')).toBe(0)
        expect(pointsOf(past, 'ownAudits')).toBe(0)
        const guilt = (periodsAgo: number) => ({
          ...newcomer,
          ownAudits: [{ ...clean, right: 0, wrong: 8, periodsAgo }],
        })
        expect(score(guilt(later))).toBeGreaterThanOrEqual(score(guilt(later - 1)))
      }),
    )
  })

  it('of a provider that dropped bytes is below that of an honest one and of a newcomer', () => {
    const proofs = Array.from({ length: 30 }, (_, periodsAgo) => ({ periodsAgo, proven: 1, missed: 0 }))
    const honest = { ...newcomer, proofs, ownAudits: [clean, clean] }
    const dropped = { ...newcomer, proofs, ownAudits: [clean, { ...clean, right: 0, wrong: 8 }] }
    expect(score(honest) - score(dropped)).toBeGreaterThan(10)
    expect(pointsOf(dropped, 'ownAudits')).toBeLessThan(-7)
  })

  it('2.4 cannot be bought with many invented customers: they weigh what they pay, and three points at most', () => {
    const liar = (weight: number) => ({ weight, audits: Array.from({ length: 100 }, () => clean) })
    const crowd = { ...newcomer, othersAudits: Array.from({ length: 1_000 }, () => liar(0.00001)) }
    expect(score(crowd) - neutralScore).toBeLessThanOrEqual(0.031)
    fc.assert(
      fc.property(facts, (given) => {
        const without = score({ ...given, othersAudits: [] })
        expect(Math.abs(score(given) - without)).toBeLessThanOrEqual(3 + 1e-6)
      }),
    )
  })
})

describe('a customer that is refused', () => {
  const [served, refused, failed] = [{ outcome: 'served' }, { outcome: 'refused' }, { outcome: 'failed' }] as const
  it.each([
    ['twice drops the node next period', [refused, refused], true],
    ['once and then served stays', [served, refused, refused], false],
    ['once waits for more', [refused, served], false],
    ['twice with a failure between drops the node', [refused, failed, refused, served], true],
    ['never, only unlucky, stays', [failed, failed, failed], false],
  ] as const)('5.6 %s', (_name, retrievals, expected) => {
    expect(shouldDrop(retrievals)).toBe(expected)
  })
})
