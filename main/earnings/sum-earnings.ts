import type { EarningDay } from '../api/channels.ts'
import type { EarningsSummary } from '../api/snapshot.ts'
import { roleNames } from '../../roles/api/roles.ts'
import type { RoleName } from '../../roles/api/roles.ts'
import type { Earning } from '../store/index.ts'
import type { OpenReward } from './open-rewards.ts'

/** What the contract says that an operator has. */
export type OperatorEarnings = {
  readonly earnedWei: bigint
  readonly claimedWei: bigint
  readonly claimableWei: bigint
  readonly movedToStakeWei: bigint
  readonly burnedWei: bigint
  readonly rewardsWei: bigint
}

/** Everything a summary is computed from; `events` must reach exactly to the block at which `contract` was read. */
export type EarningFacts = {
  readonly events: readonly Earning[]
  readonly contract: OperatorEarnings
  /** Shares that no payment has settled, read at the same block. */
  readonly openRewards: readonly OpenReward[]
  /** Fees on their way. */
  readonly accruingWei: bigint
  readonly gasWei: bigint
  readonly asOfBlock: number
}

/**
 * Adds up what was earned. Pure. The books reconcile when four sums agree to the wei: payments and rewards with what the
 * contract says was earned, that with its parts, and burned fees and rewards each with those of the contract.
 */
export function summarizeEarnings(facts: EarningFacts): EarningsSummary {
  const { events, contract, gasWei, asOfBlock } = facts
  const due = facts.openRewards.filter((reward) => !reward.running)
  const runningWei = sum(facts.openRewards, (reward) => (reward.running ? reward.wei : 0n))
  const rewardsWei = sum(events, (event) => event.rewardWei) + sum(due, (reward) => reward.wei)
  const earnedWei = sum(events, (event) => event.amountWei) + rewardsWei
  const burnedWei = sum(events, (event) => event.burnedWei)
  const parts = contract.claimedWei + contract.claimableWei + contract.movedToStakeWei
  return {
    earnedWei: contract.earnedWei.toString(),
    claimedWei: contract.claimedWei.toString(),
    claimableWei: contract.claimableWei.toString(),
    movedToStakeWei: contract.movedToStakeWei.toString(),
    accruingWei: (facts.accruingWei + runningWei).toString(),
    burnedWei: contract.burnedWei.toString(),
    gasWei: gasWei.toString(),
    byRole: weiByRole(incomesOf(events, due)),
    rewardsWei: contract.rewardsWei.toString(),
    rewardsByRole: weiByRole([...events.map(({ role, rewardWei }) => ({ role, wei: rewardWei })), ...due]),
    accruingRewardsWei: runningWei.toString(),
    reconciles:
      earnedWei === contract.earnedWei &&
      contract.earnedWei === parts &&
      burnedWei === contract.burnedWei &&
      rewardsWei === contract.rewardsWei,
    asOfBlock,
  }
}

/** Something that an operator has from a time on. */
export type Income = {
  readonly role: RoleName
  readonly wei: bigint
  readonly atSeconds: number
  readonly proof: boolean
}

/**
 * Payments with the rewards that they settled, and the rewards of ended epochs that none has settled yet. A settled reward
 * counts on the day of the payment that settled it, an open one on the day that its epoch ended.
 */
export function incomesOf(events: readonly Earning[], openRewards: readonly OpenReward[]): readonly Income[] {
  const paid = events.map(({ role, atSeconds, amountWei, rewardWei, kind }) => ({
    role,
    atSeconds,
    wei: amountWei + rewardWei,
    proof: kind === 'storageProof',
  }))
  const due = openRewards.filter((reward) => !reward.running)
  return [...paid, ...due.map(({ role, atSeconds, wei }) => ({ role, atSeconds, wei, proof: false }))]
}

/** Wei per role as decimal text; roles that earned nothing are left out. */
export function weiByRole(
  incomes: readonly { readonly role: RoleName; readonly wei: bigint }[],
): Partial<Record<RoleName, string>> {
  const totals: Partial<Record<RoleName, string>> = {}
  for (const role of roleNames) {
    const ofRole = incomes.filter((income) => income.role === role)
    if (ofRole.some(({ wei }) => wei > 0n)) totals[role] = sum(ofRole, ({ wei }) => wei).toString()
  }
  return totals
}

/**
 * Earnings by day, newest first, one row for each of the last `days` days also when nothing was earned. Days are those
 * of the person's calendar; `localDay` names the day of a time (epoch milliseconds).
 */
export function earningsByDay(
  incomes: readonly Income[],
  o: { days: readonly string[]; localDay: (epochMs: number) => string },
): EarningDay[] {
  const byDay = new Map<string, Income[]>(o.days.map((day) => [day, []]))
  for (const income of incomes) byDay.get(o.localDay(income.atSeconds * 1000))?.push(income)
  return [...byDay].map(([day, ofDay]) => ({
    day,
    earnedWei: sum(ofDay, ({ wei }) => wei).toString(),
    proofs: ofDay.filter(({ proof }) => proof).length,
    byRole: weiByRole(ofDay),
  }))
}

function sum<T>(items: readonly T[], amount: (item: T) => bigint): bigint {
  return items.reduce((total, item) => total + amount(item), 0n)
}
