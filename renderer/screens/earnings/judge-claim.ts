import { microToWei } from '../../format/tokens.ts'
import type { EarningsOverview } from '../../state/snapshot.ts'

type Advice = EarningsOverview['advice']

/** Above this share of the amount, a fee is warned of (Storj pays nothing out then). */
const dearShare = 0.25

/** The fee as a share of the amount, from 0 up; null where the rate is unknown or there is nothing to claim. */
export function feeShare(advice: Advice): number | null {
  const amountWei = BigInt(microToWei(advice.claimableMicro))
  if (advice.gasInTokenWei === null || amountWei === 0n) return null
  return Number((BigInt(advice.gasInTokenWei) * 10_000n) / amountWei) / 10_000
}

/** True when the fee would take more than a quarter of what is claimed. */
export function isDearClaim(advice: Advice): boolean {
  const share = feeShare(advice)
  return share !== null && share > dearShare
}
