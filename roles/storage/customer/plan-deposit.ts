import { leafCountOf } from '../protocol/tree-shape.ts'

/** What is known of a data set before pieces are added to it; zeros when there is none yet. */
export type EscrowFacts = {
  /** What the set pays per period now. */
  readonly rateWei: bigint
  readonly escrowWei: bigint
  /** Lengths of the pieces that are added. */
  readonly addedBytes: readonly number[]
  readonly pricePerGiBPeriodWei: bigint
  readonly periods: number
}

/** Leaves in a GiB: the contract computes rates by leaves. */
const leavesPerGiB = 2n ** 25n

/** What a batch adds to a set's rate per period, rounded down as the contract does. */
export function addedRateRoundedDown(addedBytes: readonly number[], pricePerGiBPeriodWei: bigint): bigint {
  const leaves = addedBytes.reduce((sum, lengthBytes) => sum + BigInt(leafCountOf(lengthBytes)), 0n)
  return (leaves * pricePerGiBPeriodWei) / leavesPerGiB
}

/**
 * Tokens to pay into a set so that its escrow lasts for `periods` at its new rate.
 *
 * One period at the old rate is added, since a proof may be paid between this computation and the transaction; never
 * less than one wei for a set without escrow, which the contract would refuse.
 */
export function planDeposit(facts: EscrowFacts): bigint {
  const rate = facts.rateWei + addedRateRoundedDown(facts.addedBytes, facts.pricePerGiBPeriodWei)
  const missing = rate * BigInt(facts.periods) + facts.rateWei - facts.escrowWei
  if (missing > 0n) return missing
  return facts.escrowWei === 0n ? 1n : 0n
}

/** The price of fetching that many bytes, rounded up. */
export function retrievalCostRoundedUp(lengthBytes: number, pricePerMiBWei: bigint): bigint {
  return (BigInt(lengthBytes) * pricePerMiBWei + 1_048_575n) / 1_048_576n
}
