export type RedeemFacts = {
  /** What redeeming would add to the operator's account. */
  readonly valueWei: bigint
  /** The fee in wei of the network's token (see `feeInTokenWei`). */
  readonly feeWei: bigint
  readonly nowSeconds: number
  readonly thawEndsAtSeconds: number | null
  /** The earliest expiry among the vouchers. */
  readonly expirySeconds: number
}

/** Redeem this long before a voucher is worthless, whatever the fee. */
const expiryMarginSeconds = 1800

/** Redeem when the fee is at most a tenth of the value, or a thaw or an expiry would take the money (PROTOCOL 2.2). */
export function shouldRedeem(facts: RedeemFacts): boolean {
  if (facts.valueWei <= 0n || facts.expirySeconds <= facts.nowSeconds) return false
  if (facts.feeWei * 10n <= facts.valueWei) return true
  if (facts.feeWei >= facts.valueWei) return false
  return facts.thawEndsAtSeconds !== null || facts.expirySeconds - facts.nowSeconds < expiryMarginSeconds
}

/** A gas fee in the network's token at the network file's rate, rounded up against the one who would redeem. */
export function feeInTokenWei(gas: bigint, gasPriceWei: bigint, nativeWeiPerToken: bigint): bigint {
  if (nativeWeiPerToken <= 0n) return 0n
  return (gas * gasPriceWei * 10n ** 18n + nativeWeiPerToken - 1n) / nativeWeiPerToken
}
