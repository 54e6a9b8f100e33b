import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type EpochIncome, noEpochIncome } from './book-totals.ts'
import { compareWeeks, splitDifference, type WeekConditions, type WeekFacts } from './compare-weeks.ts'

const wei = fc.bigInt({ min: 0n, max: 10n ** 24n })
const proofs = fc.dictionary(
  fc.constantFrom('ada', 'ben', 'cem', 'dot'),
  fc.record({ count: fc.integer({ min: 1, max: 7 }), wei }),
)
const income: fc.Arbitrary<EpochIncome> = fc
  .record({ voucherWei: wei, repairWei: wei, renderWei: wei, energyWei: wei, rewardWei: wei, burnedWei: wei, proofs })
  .map((given) => incomeOf({ ...given, proofs: new Map(Object.entries(given.proofs)) }))
const conditions: fc.Arbitrary<WeekConditions | null> = fc.option(
  fc.record({ upSeconds: fc.integer({ min: 0, max: 604_800 }), storedBytes: fc.integer({ min: 0, max: 2 ** 40 }) }),
  { nil: null },
)
const week: fc.Arbitrary<WeekFacts> = fc.record({ income, conditions })

/** Completes what was earned from its parts. */
function incomeOf(given: Partial<EpochIncome>): EpochIncome {
  const parts = { ...noEpochIncome(), ...given }
  const ofProofs = [...parts.proofs.values()].reduce((sum, proof) => sum + proof.wei, 0n)
  return {
    ...parts,
    earnedWei: parts.voucherWei + parts.repairWei + parts.renderWei + parts.energyWei + parts.rewardWei + ofProofs,
  }
}

const facts = (given: Partial<EpochIncome>, seen: WeekConditions | null = null): WeekFacts => ({
  income: incomeOf(given),
  conditions: seen,
})
const proofsOf = (given: Record<string, [count: number, wei: bigint]>) =>
  new Map(Object.entries(given).map(([customer, [count, paid]]) => [customer, { count, wei: paid }]))
const reasonsOf = (last: WeekFacts, now: WeekFacts) => compareWeeks(last, now).reasons.map((reason) => reason)

describe('why a week brought less', () => {
  test('the parts of the difference add up to it, to the wei', () => {
    fc.assert(
      fc.property(week, week, (last, now) => {
        const total = splitDifference(last, now).reduce((sum, part) => sum + part.wei, 0n)
        expect(total).toBe(last.income.earnedWei - now.income.earnedWei)
      }),
    )
  })

  test('reasons come heaviest first, and a better week needs none', () => {
    fc.assert(
      fc.property(week, week, (last, now) => {
        const reasons = reasonsOf(last, now).map(({ values }) => BigInt(values['wei']!))
        expect(reasons.every((one, index) => one > 0n && (index === 0 || one <= reasons[index - 1]!))).toBe(true)
        if (now.income.earnedWei >= last.income.earnedWei) expect(reasons).toEqual([])
        else expect(reasons.length).toBeGreaterThan(0)
      }),
    )
  })

  test('a customer who went away is named as such', () => {
    const last = facts({ proofs: proofsOf({ ada: [7, 700n], ben: [7, 70n] }) })
    expect(reasonsOf(last, facts({ proofs: proofsOf({ ada: [7, 700n] }) }))).toEqual([
      { code: 'fewerCustomers', values: { gone: 1, came: 0, wei: '70' } },
    ])
  })

  test('missed proofs are weighed at what each used to pay', () => {
    const last = facts({ proofs: proofsOf({ ada: [7, 700n] }) })
    expect(reasonsOf(last, facts({ proofs: proofsOf({ ada: [5, 500n] }) }))).toEqual([
      { code: 'missedProofs', values: { proofs: 2, wei: '200' } },
    ])
  })

  test('of a loss the time that the machine was off or paused takes its part, for proofs and downloads', () => {
    const last = facts(
      { proofs: proofsOf({ ada: [10, 1000n] }), voucherWei: 100n },
      { upSeconds: 1000, storedBytes: 5 },
    )
    const now = facts({ proofs: proofsOf({ ada: [8, 800n] }), voucherWei: 70n }, { upSeconds: 900, storedBytes: 5 })
    expect(reasonsOf(last, now)).toEqual([
      { code: 'timeOff', values: { percent: 10, wei: '110' } },
      { code: 'missedProofs', values: { proofs: 2, wei: '100' } },
      { code: 'fewerDownloads', values: { wei: '20' } },
    ])
  })

  test('less pay for a proof is laid to fewer bytes as far as these shrank, the rest to the price', () => {
    const last = facts({ proofs: proofsOf({ ada: [7, 700n] }) }, { upSeconds: 9, storedBytes: 100 })
    const now = facts({ proofs: proofsOf({ ada: [7, 500n] }) }, { upSeconds: 9, storedBytes: 80 })
    expect(reasonsOf(last, now)).toEqual([
      { code: 'lessStored', values: { percent: 20, wei: '140' } },
      { code: 'lowerPrices', values: { wei: '60' } },
    ])
  })

  test('rewards that fell with the work are told from a lower reward for each burned fee', () => {
    const last = facts({ rewardWei: 90n, burnedWei: 100n })
    expect(reasonsOf(last, facts({ rewardWei: 20n, burnedWei: 50n }))).toEqual([
      { code: 'lessRewardForLessWork', values: { wei: '45' } },
      { code: 'lessRewardPerFee', values: { wei: '25' } },
    ])
  })
})
