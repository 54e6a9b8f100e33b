import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { roleNames } from '../../roles/api/roles.ts'
import type { GatheredRow } from '../store/index.ts'
import { BookTotals } from './book-totals.ts'
import { lastLocalDays, localDayOf, localDayStartMs } from './local-day.ts'
import type { OpenReward } from './open-rewards.ts'
import { earningsByDay, spanOf, textByRole } from './spans.ts'
import { summarizeEarnings } from './sum-earnings.ts'
import { bookArbitrary, testClock } from './testing/rows.ts'

const nowMs = Date.UTC(2026, 2, 31, 12)
const openReward: fc.Arbitrary<OpenReward> = fc.record({
  role: fc.constantFrom(...roleNames),
  epoch: fc.integer({ min: 1, max: 9 }),
  wei: fc.bigInt({ min: 0n, max: 10n ** 30n }),
  atSeconds: fc.integer({ min: 600, max: 3000 }),
  running: fc.boolean(),
})
const open = fc.array(openReward, { maxLength: 5 })
const total = (values: readonly (string | bigint)[]) => values.reduce<bigint>((sum, value) => sum + BigInt(value), 0n)
/** Days of five minutes, since the books of the tests are short. */
const localDay = (epochMs: number) => String(Math.floor(epochMs / 300_000)).padStart(4, '0')

function totalsOf(rows: readonly GatheredRow[]): BookTotals {
  const totals = new BookTotals({ clock: testClock, localDay })
  for (const row of rows) totals.add({ ...row, ofSeconds: null })
  return totals
}

describe('the books', () => {
  /** Books with the contract that they agree with. */
  const facts = (rows: readonly GatheredRow[], openRewards: readonly OpenReward[]) => {
    const of = (...kinds: GatheredRow['kind'][]) =>
      total(rows.filter((row) => kinds.includes(row.kind)).map((row) => row.amountWei))
    const due = total(openRewards.filter((reward) => !reward.running).map((reward) => reward.wei))
    const [rewardsWei, claimedWei, movedToStakeWei] = [of('reward') + due, of('claim'), of('stake')]
    const earnedWei = of('work') + rewardsWei
    const claimableWei = earnedWei - claimedWei - movedToStakeWei
    const burnedWei = total(rows.map((row) => row.burnedWei))
    return {
      totals: totalsOf(rows),
      contract: { earnedWei, claimedWei, claimableWei, movedToStakeWei, burnedWei, rewardsWei },
      openRewards,
      accruingWei: 5n,
      gasWei: 7n,
      asOfBlock: 9,
    }
  }

  test('reconcile when every sum and its parts agree, and the roles add up to the total', () => {
    fc.assert(
      fc.property(bookArbitrary, open, (rows, openRewards) => {
        const summary = summarizeEarnings(facts(rows, openRewards))
        expect(summary.reconciles).toBe(true)
        const running = openRewards.filter((reward) => reward.running).map((reward) => reward.wei)
        expect(BigInt(summary.accruingWei)).toBe(5n + total(running))
        expect(total(Object.values(summary.rewardsByRole))).toBe(BigInt(summary.rewardsWei))
        expect(total(Object.values(summary.byRole))).toBe(BigInt(summary.earnedWei))
      }),
    )
  })

  test('do not reconcile when any one figure is off by a single wei', () => {
    const fields = ['earnedWei', 'claimedWei', 'claimableWei', 'movedToStakeWei', 'burnedWei', 'rewardsWei'] as const
    fc.assert(
      fc.property(bookArbitrary, fc.constantFrom(...fields), open, (rows, field, openRewards) => {
        const right = facts(rows, openRewards)
        const wrong = { ...right, contract: { ...right.contract, [field]: right.contract[field] + 1n } }
        expect(summarizeEarnings(wrong).reconciles).toBe(false)
      }),
    )
  })

  test('a claim that was hidden from the books is noticed, although what was earned is right', () => {
    fc.assert(
      fc.property(bookArbitrary, fc.bigInt({ min: 1n, max: 10n ** 20n }), (rows, wei) => {
        const right = facts(rows, [])
        const { claimedWei, claimableWei } = right.contract
        const contract = { ...right.contract, claimedWei: claimedWei + wei, claimableWei: claimableWei - wei }
        expect(summarizeEarnings({ ...right, contract }).reconciles).toBe(false)
      }),
    )
  })

  test('by day hold every income of the days shown exactly once, and a span is the sum of its days', () => {
    fc.assert(
      fc.property(bookArbitrary, open, fc.integer({ min: 1, max: 9 }), (rows, openRewards, count) => {
        const days = Array.from({ length: count }, (_, back) => localDay((10 - back) * 300_000))
        const asked = { totals: totalsOf(rows), openRewards, days, localDay }
        const shown = earningsByDay(asked)
        expect(shown.map((row) => row.day)).toEqual(days)
        const inside = ({ atSeconds }: { atSeconds: number }) => days.includes(localDay(atSeconds * 1000))
        const came = rows.filter((row) => inside(row) && (row.kind === 'work' || row.kind === 'reward'))
        const due = openRewards.filter((reward) => inside(reward) && !reward.running)
        const expected = total([...came.map((row) => row.amountWei), ...due.map((reward) => reward.wei)])
        expect(total(shown.map((row) => row.earnedWei))).toBe(expected)
        for (const row of shown) expect(total(Object.values(row.byRole))).toBe(BigInt(row.earnedWei))
        const span = spanOf(asked)
        expect(BigInt(span.earnedWei)).toBe(expected)
        expect(total(Object.values(span.byRole))).toBe(expected)
        expect(total(Object.values(span.byNode))).toBe(expected)
      }),
    )
  })

  test('leave out roles that earned nothing', () => {
    expect(textByRole(new Map([['storage', 0n]]))).toEqual({})
  })
})

describe('local days', () => {
  test('are consecutive, distinct, and begin before they are', () => {
    const days = lastLocalDays(nowMs, 400)
    expect(new Set(days).size).toBe(400)
    expect(days[0]).toBe(localDayOf(nowMs))
    expect([...days].sort().reverse()).toEqual(days)
    expect(localDayOf(localDayStartMs(nowMs))).toBe(localDayOf(nowMs))
    expect(localDayOf(localDayStartMs(nowMs) - 1)).toBe(days[1])
  })
})
