import { t } from '../../format/message.ts'
import { describeWei } from '../../format/money.ts'
import { formatPercent } from '../../format/number.ts'
import { formatCoin, microToWei } from '../../format/tokens.ts'
import type { EarningsOverview } from '../../state/snapshot.ts'

type Advice = EarningsOverview['advice']

/** Above this share of the amount, a fee is warned of (Storj pays nothing out then). */
const dearShare = 0.25
/** Below this share a fee is no figure of interest. */
const smallShare = 0.01

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

/** The fee of a claim in words, beside the amount where the network names a rate between its coin and its token. */
export function describeFee(advice: Advice, currency: Parameters<typeof describeWei>[1]): string {
  const share = feeShare(advice)
  if (advice.gasInTokenWei === null) return t('earnings.claim.feeCoin', { amount: formatCoin(advice.gasWei) })
  const fee = describeWei(advice.gasInTokenWei, currency)
  if (share === null) return fee
  return share < smallShare
    ? t('earnings.claim.feeSmall', { fee })
    : t('earnings.claim.feeShare', { fee, share: formatPercent(share) })
}
