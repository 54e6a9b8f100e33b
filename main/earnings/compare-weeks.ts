import type { EarningsOverview, WeekReasonCode } from '../api/earnings.ts'
import type { EpochIncome } from './book-totals.ts'

/** How the machine stood during a week, where that was seen. */
export type WeekConditions = {
  /** Seconds in which the role ran and was not paused. */
  readonly upSeconds: number
  /** Bytes held, on average over the time in which it ran. */
  readonly storedBytes: number
}

export type WeekFacts = { readonly income: EpochIncome; readonly conditions: WeekConditions | null }

/** One cause of the difference between two weeks; negative where it brought more. */
export type WeekPart = {
  readonly code: WeekReasonCode
  readonly wei: bigint
  readonly values: Readonly<Record<string, number>>
}

/**
 * This week against the one before, with what explains a loss, the weightiest first. Pure.
 *
 * Each reason carries `wei`, what it took, and the parts of `splitDifference` add up to the difference; what brought more
 * is no reason for less and is left out.
 */
export function compareWeeks(last: WeekFacts, now: WeekFacts): NonNullable<EarningsOverview['week']> {
  const [thisWei, lastWei] = [now.income.earnedWei, last.income.earnedWei]
  const lost = thisWei < lastWei ? splitDifference(last, now).filter(({ wei }) => wei > 0n) : []
  const reasons = lost
    .toSorted((left, right) => (left.wei > right.wei ? -1 : left.wei < right.wei ? 1 : 0))
    .map(({ code, wei, values }) => ({ code, values: { ...values, wei: wei.toString() } }))
  return { thisWei: thisWei.toString(), lastWei: lastWei.toString(), reasons }
}

/** The difference between two weeks taken apart; the parts add up to it to the wei. Pure. */
export function splitDifference(last: WeekFacts, now: WeekFacts): readonly WeekPart[] {
  const offMillionths = timeLostMillionths(last.conditions, now.conditions)
  const vouchers = apart(last.income.voucherWei - now.income.voucherWei, last.income.voucherWei, offMillionths)
  const steady = steadyCustomers(last.income, now.income)
  const proofs = apart(steady.countWei, steady.lastWei, offMillionths)
  const size = bySize(steady, last.conditions, now.conditions)
  return [
    ...customerParts(last.income, now.income),
    part('timeOff', vouchers.offWei + proofs.offWei, { percent: Math.round(offMillionths / 10_000) }),
    part('missedProofs', proofs.restWei, { proofs: steady.fewerProofs }),
    part('lessStored', size.storedWei, { percent: size.percent }),
    part('lowerPrices', size.priceWei, {}),
    part('fewerDownloads', vouchers.restWei, {}),
    part('fewerRepairs', last.income.repairWei - now.income.repairWei, {}),
    part('fewerFrames', last.income.renderWei - now.income.renderWei, {}),
    part('lessSold', last.income.energyWei - now.income.energyWei, {}),
    ...rewardParts(last.income, now.income),
  ]
}

function part(code: WeekReasonCode, wei: bigint, values: Readonly<Record<string, number>>): WeekPart {
  return { code, wei, values }
}

/** How much shorter the machine worked, in millionths of the week before; 0 where that is not known. */
function timeLostMillionths(last: WeekConditions | null, now: WeekConditions | null): number {
  if (last === null || now === null || last.upSeconds <= 0 || now.upSeconds >= last.upSeconds) return 0
  return Math.round(((last.upSeconds - now.upSeconds) / last.upSeconds) * 1e6)
}

/** Of a loss the part that the lost time would have brought, at most all of it; a gain is never the time's. */
function apart(lossWei: bigint, lastWei: bigint, offMillionths: number): { offWei: bigint; restWei: bigint } {
  const byTime = (lastWei * BigInt(offMillionths)) / 1_000_000n
  const offWei = lossWei <= 0n ? 0n : byTime < lossWei ? byTime : lossWei
  return { offWei, restWei: lossWei - offWei }
}

/** Customers whose sets were proven in one of the two weeks only. */
function customerParts(last: EpochIncome, now: EpochIncome): readonly WeekPart[] {
  const gone = [...last.proofs].filter(([customer]) => !now.proofs.has(customer))
  const came = [...now.proofs].filter(([customer]) => !last.proofs.has(customer))
  const total = (list: typeof gone) => list.reduce((sum, [, { wei }]) => sum + wei, 0n)
  return [part('fewerCustomers', total(gone) - total(came), { gone: gone.length, came: came.length })]
}

type Steady = { lastWei: bigint; countWei: bigint; eachWei: bigint; fewerProofs: number }

/** Customers of both weeks: what fewer proofs took at the old pay for each, and what less pay for each took. */
function steadyCustomers(last: EpochIncome, now: EpochIncome): Steady {
  const steady = { lastWei: 0n, countWei: 0n, eachWei: 0n, fewerProofs: 0 }
  for (const [customer, before] of last.proofs) {
    const after = now.proofs.get(customer)
    if (after === undefined) continue
    const fewer = before.count - after.count
    const countWei = (before.wei * BigInt(fewer)) / BigInt(before.count)
    steady.lastWei += before.wei
    steady.countWei += countWei
    steady.eachWei += before.wei - after.wei - countWei
    steady.fewerProofs += fewer
  }
  return steady
}

/** Less pay for each proof is first laid to fewer bytes, as far as these shrank; the rest is the price. */
function bySize(
  { lastWei, eachWei, countWei }: Steady,
  last: WeekConditions | null,
  now: WeekConditions | null,
): { storedWei: bigint; priceWei: bigint; percent: number } {
  const shrunk =
    last === null || now === null || last.storedBytes <= 0 || now.storedBytes >= last.storedBytes
      ? 0
      : 1 - now.storedBytes / last.storedBytes
  const { offWei, restWei } = apart(eachWei, lastWei - countWei, Math.round(shrunk * 1e6))
  return { storedWei: offWei, priceWei: restWei, percent: Math.round(shrunk * 100) }
}

/** Rewards: what fewer burned fees took at the old rate, and what a lower rate took. */
function rewardParts(last: EpochIncome, now: EpochIncome): readonly WeekPart[] {
  const atOldRate = last.burnedWei === 0n ? 0n : (last.rewardWei * now.burnedWei) / last.burnedWei
  return [
    part('lessRewardPerFee', atOldRate - now.rewardWei, {}),
    part('lessRewardForLessWork', last.rewardWei - atOldRate, {}),
  ]
}
