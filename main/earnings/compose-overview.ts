import { type EpochClock, epochEndSeconds, epochOf } from '../../contracts/client/index.ts'
import type { EarningsOverview } from '../api/earnings.ts'
import { adviseClaim } from './advise-claim.ts'
import { addEpochIncome, type BookTotals, type EpochIncome, noEpochIncome } from './book-totals.ts'
import { compareWeeks, type WeekConditions } from './compare-weeks.ts'
import { estimateWeek, neededDays } from './estimate-week.ts'
import { lastLocalDays } from './local-day.ts'
import type { OpenReward } from './open-rewards.ts'
import { spanOf, textOfSpan, withOpenRewards } from './spans.ts'

const weekEpochs = 7

/** What a claim costs, and how much is enough for the person. */
export type ClaimTerms = {
  /** Gas of the whole claim at the present price, in the chain's own coin. */
  readonly gasWei: bigint
  readonly nativeWeiPerToken: bigint
  readonly ownMinimumMicro: bigint
}

/** Everything that the figures of the earnings page are computed from. */
export type OverviewFacts = {
  readonly totals: BookTotals
  readonly openRewards: readonly OpenReward[]
  readonly clock: EpochClock
  readonly claimableWei: bigint
  readonly reconciles: boolean
  readonly terms: ClaimTerms
  /** How the machine stood in a stretch of time, null where nobody saw it. */
  readonly conditions: (fromSeconds: number, toSeconds: number) => WeekConditions | null
  readonly localDay: (epochMs: number) => string
  readonly nowMs: number
  /** Time of the block that the books reach to: epochs that are over by it count as whole. */
  readonly chainSeconds: number
}

/** The figures of the earnings page. Pure, and as quick after years as after a day. */
export function composeOverview(facts: OverviewFacts): EarningsOverview {
  const { totals, openRewards, clock, localDay, nowMs } = facts
  const days = (count: number) => spanOf({ totals, openRewards, localDay, days: lastLocalDays(nowMs, count) })
  const series = wholeEpochs(facts)
  return {
    today: days(1),
    sevenDays: days(7),
    thirtyDays: days(30),
    lifetime: textOfSpan(withOpenRewards(totals.lifetime, totals, openRewards)),
    dayMs: clock.epochSeconds * 1000,
    estimate: estimateWeek(series.map(({ earnedWei }) => earnedWei)),
    week: weekOf(facts, series),
    advice: adviseClaim({
      ...facts.terms,
      claimableWei: facts.claimableWei,
      paceWeiPerDay: paceOf(series),
      dayMs: clock.epochSeconds * 1000,
      nowMs,
    }),
    reconciles: facts.reconciles,
  }
}

/** Income of every epoch from the first that paid to the last that is over; open shares count in their own. */
function wholeEpochs({ totals, openRewards, clock, chainSeconds }: OverviewFacts): readonly EpochIncome[] {
  const current = epochOf(chainSeconds, clock)
  const first = totals.epochs.keys().next().value ?? current
  return Array.from({ length: Math.max(0, current - first) }, (_, back) => {
    const income = totals.epochs.get(first + back) ?? noEpochIncome()
    const open = openRewards.filter((reward) => !reward.running && reward.epoch === first + back)
    return open.reduce(
      (sum, { wei }) => ({ ...sum, earnedWei: sum.earnedWei + wei, rewardWei: sum.rewardWei + wei }),
      income,
    )
  })
}

function weekOf(facts: OverviewFacts, series: readonly EpochIncome[]): EarningsOverview['week'] {
  if (series.length < neededDays) return null
  const { clock } = facts
  const end = epochEndSeconds(epochOf(facts.chainSeconds, clock) - 1, clock)
  const length = weekEpochs * clock.epochSeconds
  const weekBefore = (weeks: number) => ({
    income: series
      .slice(series.length - (weeks + 1) * weekEpochs, series.length - weeks * weekEpochs)
      .reduce(addEpochIncome, noEpochIncome()),
    conditions: facts.conditions(end - (weeks + 1) * length, end - weeks * length),
  })
  return compareWeeks(weekBefore(1), weekBefore(0))
}

/** What a whole epoch of the last week gave on average, rounded down. */
function paceOf(series: readonly EpochIncome[]): bigint {
  const week = series.slice(-weekEpochs)
  const earned = week.reduce((sum, { earnedWei }) => sum + earnedWei, 0n)
  return week.length === 0 ? 0n : earned / BigInt(week.length)
}
