/** All that counts when a customer asks for a range. Amounts in wei of the network's token. */
export type ServiceFacts = {
  readonly lengthBytes: number
  readonly priceWei: bigint
  /** What was served on this lane and is covered by its voucher. */
  readonly spentWei: bigint
  /** What this customer was served on trust and has not paid. */
  readonly debtWei: bigint
  readonly debtBytes: number
  /** The highest voucher of this lane, the one that came with the request included; 0 without any. */
  readonly cumulativeWei: bigint
  /** What this lane has redeemed on chain. */
  readonly redeemedWei: bigint
  /** Unredeemed vouchers of the customer's other lanes; they draw on the same lock. */
  readonly otherUnredeemedWei: bigint
  /** The customer's lock with this node as the chain has it. */
  readonly lockedWei: bigint
  /** What this customer may have on trust in all. */
  readonly creditBytes: number
}

/** `paid` moves price and debt to what is spent; `onTrust` adds to the debt; `due` wants a voucher of that total. */
export type ServiceDecision =
  { readonly kind: 'paid' } | { readonly kind: 'onTrust' } | { readonly kind: 'due'; readonly dueCumulativeWei: bigint }

/**
 * Serve or ask for money. A voucher counts only as far as the lock can pay it (PROTOCOL 2.1), so a customer that
 * thaws or overdraws falls back to the credit.
 */
export function decideService(facts: ServiceFacts): ServiceDecision {
  const dueCumulativeWei = facts.spentWei + facts.debtWei + facts.priceWei
  const unredeemedWei = dueCumulativeWei > facts.redeemedWei ? dueCumulativeWei - facts.redeemedWei : 0n
  const backed = unredeemedWei + facts.otherUnredeemedWei <= facts.lockedWei
  if (backed && facts.cumulativeWei >= dueCumulativeWei) return { kind: 'paid' }
  if (facts.debtBytes + facts.lengthBytes <= facts.creditBytes) return { kind: 'onTrust' }
  return { kind: 'due', dueCumulativeWei }
}
