import type { EarningDay } from '../api/channels.ts'
import type { EarningsOverview } from '../api/earnings.ts'
import { roleNames } from '../../roles/api/roles.ts'
import type { RoleName } from '../../roles/api/roles.ts'
import { addIncome, addTo, type BookTotals, type Income, noIncome } from './book-totals.ts'
import type { OpenReward } from './open-rewards.ts'

/** Incomes of the last local days with the open rewards of ended epochs, which count on the day that their epoch ended. */
export type DaysAsked = {
  readonly totals: BookTotals
  readonly openRewards: readonly OpenReward[]
  /** Local calendar days, newest first. */
  readonly days: readonly string[]
  /** Names the day of a time in epoch milliseconds. */
  readonly localDay: (epochMs: number) => string
}

/** Earnings by day, newest first, one row for each day asked for also when nothing was earned. Pure. */
export function earningsByDay(asked: DaysAsked): EarningDay[] {
  return incomesByDay(asked).map(({ day, income }) => ({
    day,
    earnedWei: income.earnedWei.toString(),
    proofs: income.proofs,
    byRole: textByRole(income.byRole),
  }))
}

/** What several days gave together. Pure. */
export function spanOf(asked: DaysAsked): EarningsOverview['today'] {
  const all = noIncome()
  for (const { income } of incomesByDay(asked)) addAll(all, income)
  return textOfSpan(all)
}

/** An income as the window gets it; nodes that earned nothing are left out. */
export function textOfSpan(income: Income): EarningsOverview['today'] {
  const byNode = [...income.byNode].filter(([, wei]) => wei > 0n).map(([node, wei]) => [node, wei.toString()] as const)
  return {
    earnedWei: income.earnedWei.toString(),
    byRole: textByRole(income.byRole),
    byNode: Object.fromEntries(byNode),
  }
}

/** A copy of an income with shares of ended epochs added. */
export function withOpenRewards(
  income: Income,
  totals: Pick<BookTotals, 'splitOpenReward'>,
  rewards: readonly OpenReward[],
): Income {
  const copy = noIncome()
  addAll(copy, income)
  for (const { role, wei, running } of rewards) {
    if (!running) addIncome(copy, role, totals.splitOpenReward(role, wei), false)
  }
  return copy
}

function incomesByDay({ totals, openRewards, days, localDay }: DaysAsked): { day: string; income: Income }[] {
  return days.map((day) => {
    const ended = openRewards.filter((reward) => localDay(reward.atSeconds * 1000) === day)
    return { day, income: withOpenRewards(totals.days.get(day) ?? noIncome(), totals, ended) }
  })
}

function addAll(to: Income, income: Income): void {
  to.earnedWei += income.earnedWei
  to.proofs += income.proofs
  for (const [role, wei] of income.byRole) addTo(to.byRole, role, wei)
  for (const [node, wei] of income.byNode) addTo(to.byNode, node, wei)
}

/** Wei per role as decimal text; roles that earned nothing are left out. */
export function textByRole(byRole: ReadonlyMap<RoleName, bigint>): Partial<Record<RoleName, string>> {
  const text: Partial<Record<RoleName, string>> = {}
  for (const role of roleNames) {
    const wei = byRole.get(role) ?? 0n
    if (wei > 0n) text[role] = wei.toString()
  }
  return text
}
