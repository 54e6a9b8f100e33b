import type { EarningsSummary } from '../api/snapshot.ts'
import { roleNames } from '../../roles/api/roles.ts'
import type { RoleName } from '../../roles/api/roles.ts'
import type { BookTotals } from './book-totals.ts'
import type { OpenReward } from './open-rewards.ts'
import { textByRole, withOpenRewards } from './spans.ts'

/** What the contract says that an operator has. */
export type OperatorEarnings = {
  readonly earnedWei: bigint
  readonly claimedWei: bigint
  readonly claimableWei: bigint
  readonly movedToStakeWei: bigint
  readonly burnedWei: bigint
  readonly rewardsWei: bigint
}

/** Everything a summary is computed from; `totals` must reach exactly to the block at which `contract` was read. */
export type EarningFacts = {
  readonly totals: BookTotals
  readonly contract: OperatorEarnings
  /** Shares that no payment has settled, read at the same block. */
  readonly openRewards: readonly OpenReward[]
  /** Fees on their way. */
  readonly accruingWei: bigint
  readonly gasWei: bigint
  readonly asOfBlock: number
}

/** Sums over all lines of the books, shares of ended epochs that no payment has settled included. */
export type LedgerSums = {
  readonly earnedWei: bigint
  readonly rewardsWei: bigint
  readonly claimedWei: bigint
  readonly movedToStakeWei: bigint
  readonly burnedWei: bigint
}

export function sumLedger(totals: BookTotals, openRewards: readonly OpenReward[]): LedgerSums {
  const { workWei, rewardWei, claimedWei, movedToStakeWei, burnedWei } = totals.sums
  const rewardsWei = openRewards.reduce((sum, reward) => sum + (reward.running ? 0n : reward.wei), rewardWei)
  return { earnedWei: workWei + rewardsWei, rewardsWei, claimedWei, movedToStakeWei, burnedWei }
}

/**
 * The books reconcile when six sums agree to the wei: payments and rewards, rewards alone, claims, moves into stake and
 * burned fees each with those of the contract, and what it says was earned with its parts.
 */
export function reconciles(sums: LedgerSums, contract: OperatorEarnings): boolean {
  return (
    sums.earnedWei === contract.earnedWei &&
    sums.rewardsWei === contract.rewardsWei &&
    sums.claimedWei === contract.claimedWei &&
    sums.movedToStakeWei === contract.movedToStakeWei &&
    sums.burnedWei === contract.burnedWei &&
    contract.earnedWei === contract.claimedWei + contract.claimableWei + contract.movedToStakeWei
  )
}

/** Adds up what was earned. Pure. */
export function summarizeEarnings(facts: EarningFacts): EarningsSummary {
  const { totals, contract, openRewards, gasWei, asOfBlock } = facts
  const sums = sumLedger(totals, openRewards)
  const due = openRewards.filter((reward) => !reward.running)
  const runningWei = openRewards.reduce((sum, reward) => sum + (reward.running ? reward.wei : 0n), 0n)
  const rewardOf = (role: RoleName) =>
    due.reduce((sum, reward) => sum + (reward.role === role ? reward.wei : 0n), totals.rewardWei(role))
  return {
    earnedWei: contract.earnedWei.toString(),
    claimedWei: contract.claimedWei.toString(),
    claimableWei: contract.claimableWei.toString(),
    movedToStakeWei: contract.movedToStakeWei.toString(),
    accruingWei: (facts.accruingWei + runningWei).toString(),
    burnedWei: contract.burnedWei.toString(),
    gasWei: gasWei.toString(),
    byRole: textByRole(withOpenRewards(totals.lifetime, totals, due).byRole),
    rewardsWei: contract.rewardsWei.toString(),
    rewardsByRole: textByRole(new Map(roleNames.map((role) => [role, rewardOf(role)]))),
    accruingRewardsWei: runningWei.toString(),
    reconciles: reconciles(sums, contract),
    asOfBlock,
  }
}
