import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { roleNames } from '../../roles/api/roles.ts'
import type { Earning } from '../store/index.ts'
import { earningsCsv } from './earnings-csv.ts'
import { lastLocalDays, localDayOf, localDayStartMs } from './local-day.ts'
import type { OpenReward } from './open-rewards.ts'
import { earningsByDay, incomesOf, summarizeEarnings, weiByRole } from './sum-earnings.ts'

const wei = fc.bigInt({ min: 0n, max: 10n ** 30n })
const nowMs = Date.UTC(2026, 2, 31, 12)
const earningArbitrary: fc.Arbitrary<Earning> = fc.record({
  blockNumber: fc.integer({ min: 1, max: 1e6 }),
  logIndex: fc.integer({ min: 0, max: 100 }),
  blockHash: fc.constant(`0x${'aa'.repeat(32)}`),
  transactionHash: fc.constant(`0x${'bb'.repeat(32)}`),
  atSeconds: fc.integer({ min: nowMs / 1000 - 40 * 86_400, max: nowMs / 1000 }),
  role: fc.constantFrom(...roleNames),
  node: fc.constant(`0x${'11'.repeat(20)}`),
  customer: fc.option(fc.constant(`0x${'22'.repeat(20)}`), { nil: null }),
  kind: fc.constantFrom('storageProof' as const, 'voucher' as const),
  amountWei: wei,
  burnedWei: wei,
  rewardWei: wei,
})
const openReward: fc.Arbitrary<OpenReward> = fc.record({
  role: fc.constantFrom(...roleNames),
  epoch: fc.integer({ min: 1, max: 9 }),
  wei,
  atSeconds: fc.integer({ min: nowMs / 1000 - 40 * 86_400, max: nowMs / 1000 }),
  running: fc.boolean(),
})
const events = fc.array(earningArbitrary, { maxLength: 40 })
const open = fc.array(openReward, { maxLength: 5 })
const total = (values: readonly (string | bigint)[]) => values.reduce<bigint>((sum, value) => sum + BigInt(value), 0n)

describe('the books', () => {
  const facts = (
    list: readonly Earning[],
    openRewards: readonly OpenReward[],
    claimedPart: number,
    stakedPart: number,
  ) => {
    const due = openRewards.filter((reward) => !reward.running).map((reward) => reward.wei)
    const rewardsWei = total([...list.map((event) => event.rewardWei), ...due])
    const earnedWei = total(list.map((event) => event.amountWei)) + rewardsWei
    const claimedWei = (earnedWei * BigInt(claimedPart)) / 200n
    const movedToStakeWei = (earnedWei * BigInt(stakedPart)) / 200n
    const claimableWei = earnedWei - claimedWei - movedToStakeWei
    const burnedWei = total(list.map((event) => event.burnedWei))
    return {
      events: list,
      contract: { earnedWei, claimedWei, claimableWei, movedToStakeWei, burnedWei, rewardsWei },
      openRewards,
      accruingWei: 5n,
      gasWei: 7n,
      asOfBlock: 9,
    }
  }
  const part = fc.integer({ min: 0, max: 100 })

  test('reconcile when events, total and parts agree, and the roles add up to the total', () => {
    fc.assert(
      fc.property(events, open, part, part, (list, openRewards, claimed, staked) => {
        const summary = summarizeEarnings(facts(list, openRewards, claimed, staked))
        expect(summary.reconciles).toBe(true)
        const running = openRewards.filter((reward) => reward.running).map((reward) => reward.wei)
        expect(BigInt(summary.accruingWei)).toBe(5n + total(running))
        expect(total(Object.values(summary.rewardsByRole))).toBe(BigInt(summary.rewardsWei))
        expect(total(Object.values(summary.byRole))).toBe(BigInt(summary.earnedWei))
      }),
    )
  })

  test('do not reconcile when any one figure is off by a single wei', () => {
    fc.assert(
      fc.property(
        events,
        part,
        part,
        fc.constantFrom('earnedWei', 'claimedWei', 'claimableWei', 'burnedWei', 'rewardsWei'),
        open,
        (list, c, s, field, openRewards) => {
          const right = facts(list, openRewards, c, s)
          const wrong = {
            ...right,
            contract: { ...right.contract, [field]: right.contract[field as 'earnedWei'] + 1n },
          }
          expect(summarizeEarnings(wrong).reconciles).toBe(false)
        },
      ),
    )
  })

  test('by day hold every event of the days shown exactly once', () => {
    fc.assert(
      fc.property(events, open, fc.integer({ min: 1, max: 60 }), (list, openRewards, count) => {
        const days = lastLocalDays(nowMs, count)
        const incomes = incomesOf(list, openRewards)
        const rows = earningsByDay(incomes, { days, localDay: localDayOf })
        expect(rows.map((row) => row.day)).toEqual(days)
        const shown = incomes.filter((income) => days.includes(localDayOf(income.atSeconds * 1000)))
        expect(total(rows.map((row) => row.earnedWei))).toBe(total(shown.map((income) => income.wei)))
        for (const row of rows) expect(total(Object.values(row.byRole))).toBe(BigInt(row.earnedWei))
      }),
    )
  })

  test('as CSV have one line an event with the very same sum', () => {
    fc.assert(
      fc.property(events, (list) => {
        const lines = earningsCsv(list).trimEnd().split('\r\n').slice(1)
        expect(lines.length).toBe(list.length)
        expect(total(lines.map((line) => line.split(',')[3]!))).toBe(total(list.map((event) => event.amountWei)))
      }),
    )
  })

  test('leave out roles that earned nothing', () => {
    expect(weiByRole([])).toEqual({})
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
