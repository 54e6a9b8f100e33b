import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fakeLedger, fakeOverview } from '../../bridge/fake-earnings.ts'
import { fakeSnapshot } from '../../bridge/fake-snapshot.ts'
import { describeRow, signedAmount } from './describe-row.ts'
import { compareWeeks, describeReason } from './describe-week.ts'
import { differences, exactTokens } from './find-differences.ts'
import { describeFee, feeShare, isDearClaim } from './judge-claim.ts'
import { nodeRows, roleRows } from './span-rows.ts'

const nowMs = Date.UTC(2026, 2, 4, 12)
/** Causes that main records (`main/api/earnings.ts`). */
const weekReasonCodes = [
  'fewerCustomers',
  'timeOff',
  'missedProofs',
  'lessStored',
  'lowerPrices',
  'fewerDownloads',
  'fewerRepairs',
  'fewerFrames',
  'lessSold',
  'lessRewardPerFee',
  'lessRewardForLessWork',
] as const
const currency = { symbol: 'PLAY', practice: true }
const amount = fc.bigInt({ min: 0n, max: 10n ** 30n })

describe('parts of a span', () => {
  test('always add up to its total, with what nobody is named for in a last row', () => {
    fc.assert(
      fc.property(fc.array(amount, { maxLength: 6 }), amount, (parts, rest) => {
        const total = parts.reduce((sum, wei) => sum + wei, rest)
        const byNode = Object.fromEntries(parts.map((wei, index) => [`0x${index}`, String(wei)]))
        const rows = nodeRows({ earnedWei: String(total), byRole: {}, byNode })
        expect(rows.reduce((sum, { wei }) => sum + BigInt(wei), 0n)).toBe(total)
        expect(rows.some(({ key }) => key === null)).toBe(rest > 0n)
      }),
    )
  })

  test('the largest comes first, and what brought nothing is left out', () => {
    const rows = roleRows({ earnedWei: '30', byRole: { storage: '10', relay: '20', render: '0' }, byNode: {} })
    expect(rows).toEqual([
      { key: 'relay', wei: '20' },
      { key: 'storage', wei: '10' },
    ])
  })
})

describe('a mismatch', () => {
  test('names each sum that differs with all its digits', () => {
    const { sums } = fakeLedger(30, { offset: 0, limit: 20 }, nowMs, false)
    const found = differences(sums)
    expect(found.map(({ name }) => name)).toEqual(['earned', 'burned'])
    for (const { list, network } of found) expect(list).not.toBe(network)
  })

  test('of any one figure of the contract by the smallest unit is named, and nothing else is', () => {
    const { sums } = fakeLedger(30, { offset: 0, limit: 20 }, nowMs, true)
    const off = (field: keyof typeof sums) =>
      differences({ ...sums, [field]: String(BigInt(String(sums[field])) + 1n) }).map(({ name }) => name)
    expect(off('contractRewardsWei')).toEqual(['rewards'])
    expect(off('contractBurnedWei')).toEqual(['burned'])
    expect(off('contractClaimableWei')).toEqual(['parts'])
    expect(off('contractEarnedWei')).toEqual(['earned', 'parts'])
    expect(off('contractClaimedWei')).toEqual(['claimed', 'parts'])
    expect(off('contractMovedToStakeWei')).toEqual(['moved', 'parts'])
  })

  test('is none when the sums agree', () => {
    expect(differences(fakeLedger(30, { offset: 0, limit: 20 }, nowMs, true).sums)).toEqual([])
  })

  test('exact amounts lose no digit', () => {
    fc.assert(
      fc.property(amount, (wei) => {
        const [whole = '0', rest = ''] = exactTokens(String(wei)).split('.')
        expect(BigInt(whole) * 10n ** 18n + BigInt(rest.padEnd(18, '0'))).toBe(wei)
      }),
    )
    expect(exactTokens('-1500000000000000001')).toBe('-1.500000000000000001')
    expect(exactTokens('0')).toBe('0')
  })
})

describe('a claim', () => {
  const { advice } = fakeOverview(fakeSnapshot(nowMs))

  test('is warned of above a quarter, not at a quarter', () => {
    const at = (gasInTokenWei: string | null) => isDearClaim({ ...advice, claimableMicro: '4000000', gasInTokenWei })
    expect(at('1000000000000000000')).toBe(false)
    expect(at('1000400000000000000')).toBe(true)
    expect(at(null)).toBe(false)
  })

  test('names its fee in tokens with its share, or in coins where no rate is known', () => {
    const at = (gasInTokenWei: string | null) =>
      describeFee({ ...advice, claimableMicro: '4000000', gasInTokenWei }, currency)
    expect(at('400000000000000000')).toBe('0.40 PLAY (practice), 10% of the amount')
    expect(at('4000000000000000')).toBe('0.004 PLAY (practice), less than 1 % of the amount')
    expect(at(null)).toBe('0.000068 of the network’s own coin')
  })

  test('has no share while there is nothing to claim', () => {
    expect(feeShare({ ...advice, claimableMicro: '0' })).toBeNull()
  })
})

describe('this week', () => {
  test('is compared in words, and only a loss asks for reasons', () => {
    const week = (thisWei: string, lastWei: string) => compareWeeks({ thisWei, lastWei })
    expect(week('75', '100')).toEqual({ words: '25% less than the week before', isLess: true })
    expect(week('150', '100')).toEqual({ words: '50% more than the week before', isLess: false })
    expect(week('1000', '1001')).toEqual({ words: 'As much as the week before', isLess: false })
    expect(week('5', '0').isLess).toBe(false)
  })

  test('every reason that main knows has its sentence', () => {
    const values = { gone: 2, came: 1, percent: 20, proofs: 3, wei: '938000000000000000' }
    for (const code of weekReasonCodes) {
      const words = describeReason({ code, values }, currency)
      expect(words).toMatch(/0\.938 PLAY \(practice\) less\.$/)
    }
  })

  test('a reason that is newer than the window shows by its code', () => {
    expect(describeReason({ code: 'fullMoon', values: {} }, currency)).toContain('fullMoon')
  })
})

describe('a payment', () => {
  test('says what it was for', () => {
    expect(describeRow({ kind: 'work', work: 'voucher', epoch: null })).toBe('Pay for downloads')
    expect(describeRow({ kind: 'work', work: null, epoch: null })).toBe('Pay for work')
    expect(describeRow({ kind: 'reward', work: null, epoch: 1418 })).toBe('Reward round 1418')
    expect(describeRow({ kind: 'claim', work: null, epoch: null })).toBe('Claimed')
  })

  test('keeps its sign', () => {
    expect(signedAmount('-4000000000000000000')).toBe('−4.000000')
    expect(signedAmount('210000000000000000')).toBe('0.210000')
  })
})
