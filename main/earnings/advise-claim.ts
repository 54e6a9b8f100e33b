import gasSnapshot from '../../contracts/gas-snapshot.json' with { type: 'json' }
import { microTokens } from '../../contracts/client/index.ts'
import type { EarningsOverview } from '../api/earnings.ts'

export type ClaimAdvice = EarningsOverview['advice']

const tokenWei = 10n ** 18n
const microWei = 10n ** 12n
/** A claim whose gas is worth more than this part of it is too dear. */
const dearDivisor = 4n
/** The price of a claim is small when it is at most this part of it. */
const smallDivisor = 20n

const measured = 'claim of fees and rewards'

/**
 * Gas of a claim of fees and rewards, sentence included: the dearest that the contracts' tests have measured. Whoever claims
 * before anybody else has touched the last epoch pays about twice that; this happens to hardly anybody.
 */
export const claimGas = BigInt(
  Math.max(...Object.entries(gasSnapshot).flatMap(([name, gas]) => (name.startsWith(measured) ? [gas] : []))),
)

/** Everything that the advice depends on, as of one moment. */
export type ClaimFacts = {
  readonly claimableWei: bigint
  /** Of the whole claim, in the chain's own coin. */
  readonly gasWei: bigint
  /** What a token is worth in the chain's own coin, by the network file; 0 when it does not say. */
  readonly nativeWeiPerToken: bigint
  readonly ownMinimumMicro: bigint
  /** What comes in, in wei per day at the present pace. */
  readonly paceWeiPerDay: bigint
  readonly dayMs: number
  readonly nowMs: number
}

/**
 * Whether to claim now: what its gas takes of it, and when that would be a twentieth at the present pace. Gas in tokens is
 * rounded up, what can be claimed down to whole millionths. Pure.
 */
export function adviseClaim(facts: ClaimFacts): ClaimAdvice {
  const micro = microTokens(facts.claimableWei)
  const gasInTokenWei =
    facts.nativeWeiPerToken === 0n ? null : ceilDiv(facts.gasWei * tokenWei, facts.nativeWeiPerToken)
  return {
    claimableMicro: micro.toString(),
    gasWei: facts.gasWei.toString(),
    gasInTokenWei: gasInTokenWei?.toString() ?? null,
    verdict: verdictOf(micro, gasInTokenWei, facts),
    breakEvenAtMs: gasInTokenWei === null ? null : breakEvenAtMs(gasInTokenWei, facts),
    ownMinimumMicro: facts.ownMinimumMicro.toString(),
  }
}

/** A claim that is too dear is called so before the person's own minimum is looked at. */
function verdictOf(micro: bigint, gasInTokenWei: bigint | null, facts: ClaimFacts): ClaimAdvice['verdict'] {
  if (micro === 0n) return 'nothing'
  if (gasInTokenWei !== null && gasInTokenWei * dearDivisor > micro * microWei) return 'tooDear'
  if (micro < facts.ownMinimumMicro) return 'belowOwnMinimum'
  return gasInTokenWei === null ? 'unknownRate' : 'worthIt'
}

function breakEvenAtMs(gasInTokenWei: bigint, facts: ClaimFacts): number | null {
  const missingWei = gasInTokenWei * smallDivisor - facts.claimableWei
  if (missingWei <= 0n || facts.paceWeiPerDay <= 0n) return null
  const waitMs = Number(ceilDiv(missingWei * BigInt(facts.dayMs), facts.paceWeiPerDay))
  const atMs = facts.nowMs + waitMs
  // Later than any date can be written is never.
  return atMs > 8.64e15 ? null : atMs
}

function ceilDiv(value: bigint, by: bigint): bigint {
  return (value + by - 1n) / by
}
