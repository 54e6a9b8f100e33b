import type { EarningsOverview } from '../../api/earnings.ts'
import type { EarningsSummary } from '../../api/snapshot.ts'
import { formatTable, formatTimeLeft, formatWei } from '../output/format.ts'
import { weekInWords } from './week-words.ts'

/** What `hearth earnings --json` tells beside the summary. */
export function earningsJson(overview: EarningsOverview) {
  const { today, sevenDays, thirtyDays, lifetime, estimate, dayMs, week, advice } = overview
  return {
    todayWei: today.earnedWei,
    sevenDaysWei: sevenDays.earnedWei,
    thirtyDaysWei: thirtyDays.earnedWei,
    byNode: lifetime.byNode,
    dayMs,
    estimate,
    week,
    advice,
  }
}

/** The same for a person. */
export function describeEarnings(summary: EarningsSummary, overview: EarningsOverview, symbol: string): string[] {
  const show = (wei: string) => formatWei(BigInt(wei), symbol)
  return [
    ...formatTable(
      ['', 'AMOUNT'],
      [
        ['Earned', show(summary.earnedWei)],
        ['  of it rewards', show(summary.rewardsWei)],
        ['  today', show(overview.today.earnedWei)],
        ['  7 days', show(overview.sevenDays.earnedWei)],
        ['  30 days', show(overview.thirtyDays.earnedWei)],
        ['  claimed', show(summary.claimedWei)],
        ['  claimable', show(summary.claimableWei)],
        ['  moved to stake', show(summary.movedToStakeWei)],
        ['On its way', show(summary.accruingWei)],
        ['  of it rewards of the running epoch', show(summary.accruingRewardsWei)],
        ['Burned as fee', show(summary.burnedWei)],
        ['Gas spent', `${formatWei(BigInt(summary.gasWei), '').trim()} (chain coin)`],
        ...Object.entries(summary.byRole).map(([role, wei]) => [`From ${role}`, show(wei ?? '0')]),
      ],
    ),
    estimateInWords(overview, symbol),
    ...weekInWords(overview, symbol),
    claimInWords(overview.advice, symbol),
    summary.reconciles ? 'Adds up to the wei with the contract.' : 'DOES NOT ADD UP with the contract.',
  ]
}

const realDayMs = 24 * 60 * 60 * 1000

/** A day of a practice network lasts a minute, which is said. */
function estimateInWords({ estimate, dayMs = realDayMs }: EarningsOverview, symbol: string): string {
  const week =
    dayMs === realDayMs ? 'The next 7 days' : `The next ${formatTimeLeft((7 * dayMs) / 1000)} (7 practice days)`
  if (estimate.kind === 'tooEarly') {
    return `${week}: no estimate yet, ${estimate.daysSeen} of ${estimate.daysNeeded} days are known.`
  }
  const { lowWei, highWei, basisDays, pastHits } = estimate
  const range = `${formatWei(BigInt(lowWei), '').trim()} to ${formatWei(BigInt(highWei), symbol)}`
  const past =
    pastHits === null ? 'not tried on a past week yet' : `right for ${pastHits.held} of ${pastHits.of} past weeks`
  return `${week}: ${range}, from ${basisDays} days; ${past}.`
}

function claimInWords(advice: EarningsOverview['advice'], symbol: string): string {
  const gas = advice.gasInTokenWei === null ? '' : formatWei(BigInt(advice.gasInTokenWei), symbol)
  switch (advice.verdict) {
    case 'nothing':
      return 'Claim: there is nothing to claim.'
    case 'belowOwnMinimum':
      return 'Claim: less than your own minimum is there.'
    case 'tooDear':
      return `Claim: its gas, ${gas}, would take more than a quarter; better wait${until(advice.breakEvenAtMs)}.`
    case 'worthIt':
      return `Claim: its gas costs ${gas}${advice.breakEvenAtMs === null ? '' : `; small against it${until(advice.breakEvenAtMs)}`}.`
    case 'unknownRate':
      return 'Claim: this network does not say what its gas is worth in tokens.'
  }
}

function until(breakEvenAtMs: number | null): string {
  return breakEvenAtMs === null
    ? ''
    : `, from ${new Date(breakEvenAtMs).toISOString().slice(0, 10)} at the present pace`
}
