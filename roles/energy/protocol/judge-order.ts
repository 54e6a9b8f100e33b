import type { Community } from './market.ts'
import { type EnergyTiming, settlerTimes, slotTimes } from './slots.ts'
import { reservationWei } from './settlement/settle-slot.ts'
import { type EnergyOrder, energyHash, isSignedBy, orderSchema } from './typed-data.ts'
import type { Tariff } from './units.ts'

/** Why an order does not count. */
export type OrderRefusal =
  | 'unreadable'
  | 'negativePrice'
  | 'otherCommunity'
  | 'otherSlot'
  | 'notAMember'
  | 'signatureInvalid'
  | 'hashUnknown'
  | 'hashLate'
  | 'revealedEarly'
  | 'revealedLate'
  | 'replayed'
  | 'secondOrder'
  | 'priceBelowFeedIn'
  | 'priceAboveRetail'
  | 'overSold'
  | 'overBought'
  | 'reservationMissing'
  | 'withheld'

export type OrderVerdict =
  | { readonly kind: 'counts'; readonly order: EnergyOrder; readonly orderHash: string }
  | { readonly kind: 'refused'; readonly reason: OrderRefusal; readonly sentence: string }

/** What the admitter signed about a member's meter (PROTOCOL 7.1). */
export type MemberLimits = { readonly connectionWatts: number; readonly panelPeakWatts: number }

/** What one who judges knows when an order is revealed. */
export type JudgingFacts = {
  readonly at: Community
  readonly slot: number
  readonly timing: EnergyTiming
  readonly tariff: Tariff
  /** Rank of the settler that collects now. */
  readonly rank: number
  readonly nowSeconds: number
  readonly member: (node: string) => MemberLimits | null
  /** The hash that a node sent for this slot, and when it arrived. */
  readonly hashOf: (node: string) => { readonly orderHash: string; readonly atSeconds: number } | null
  /** The order of that node that counts already. */
  readonly counted: (node: string) => string | null
  /** What the node has locked and not yet reserved for other slots, in wei. */
  readonly freeWei: (node: string) => bigint
}

/**
 * Whether a revealed order counts in its slot. Pure; `input` is whatever came over the network. Checks in the order in which a wrong answer
 * would cost most: who it is for, who signed it, whether it was fixed before the gate, then prices, sizes and money.
 */
export function judgeOrder(input: unknown, signature: string, facts: JudgingFacts): OrderVerdict {
  const parsed = orderSchema.safeParse(input)
  if (!parsed.success) return refuse(hasNegativePrice(input) ? 'negativePrice' : 'unreadable')
  const order = parsed.data
  const orderHash = energyHash(facts.at, { kind: 'Order', value: order })
  const reason =
    wrongPlace(order, facts) ??
    (isSignedBy(facts.at, { kind: 'Order', value: order }, signature, order.node) ? null : 'signatureInvalid') ??
    wrongTime(order, orderHash, facts) ??
    wrongTerms(order, facts)
  return reason === null ? { kind: 'counts', order, orderHash } : refuse(reason)
}

/** An order whose hash was sent before the gate and which nobody saw in time. */
export function judgeSilence(node: string, facts: JudgingFacts): OrderVerdict | null {
  const isOver = facts.nowSeconds > settlerTimes(facts.timing, facts.slot, facts.rank).revealsUntil
  return isOver && facts.hashOf(node) !== null && facts.counted(node) === null ? refuse('withheld') : null
}

function wrongPlace(order: EnergyOrder, { at, slot, member }: JudgingFacts): OrderRefusal | null {
  if (order.community.toLowerCase() !== at.community.toLowerCase()) return 'otherCommunity'
  if (order.slot !== slot) return 'otherSlot'
  return member(order.node) === null ? 'notAMember' : null
}

function wrongTime(order: EnergyOrder, orderHash: string, facts: JudgingFacts): OrderRefusal | null {
  const { gateAt } = slotTimes(facts.timing, facts.slot)
  const { revealsUntil } = settlerTimes(facts.timing, facts.slot, facts.rank)
  const sent = facts.hashOf(order.node)
  const counted = facts.counted(order.node)
  if (counted !== null) return counted === orderHash ? 'replayed' : 'secondOrder'
  if (sent === null) return 'hashUnknown'
  if (sent.orderHash.toLowerCase() !== orderHash.toLowerCase()) return 'secondOrder'
  if (sent.atSeconds >= gateAt) return 'hashLate'
  if (facts.nowSeconds < gateAt) return 'revealedEarly'
  return facts.nowSeconds > revealsUntil ? 'revealedLate' : null
}

function wrongTerms(order: EnergyOrder, { tariff, timing, member, freeWei }: JudgingFacts): OrderRefusal | null {
  const limits = member(order.node)!
  const hours = timing.slotSeconds / 3600
  if (order.limitGweiPerWh < tariff.feedInGweiPerWh) return 'priceBelowFeedIn'
  if (order.limitGweiPerWh > tariff.retailGweiPerWh) return 'priceAboveRetail'
  if (order.side === 'sell' && order.wattHours > Math.min(limits.panelPeakWatts, limits.connectionWatts) * hours)
    return 'overSold'
  if (order.side === 'buy' && order.wattHours > limits.connectionWatts * hours) return 'overBought'
  return freeWei(order.node) < reservationWei(order, tariff) ? 'reservationMissing' : null
}

function hasNegativePrice(input: unknown): boolean {
  if (typeof input !== 'object' || input === null || !('limitGweiPerWh' in input)) return false
  return typeof input.limitGweiPerWh === 'number' && input.limitGweiPerWh < 0
}

const sentences: Readonly<Record<OrderRefusal, string>> = {
  unreadable: 'The order is not in a form that this market knows.',
  negativePrice:
    'The order names a negative price; prices lie between what the grid pays and what the supplier charges.',
  otherCommunity: 'The order is for another community.',
  otherSlot: 'The order is for another quarter of an hour.',
  notAMember: 'The home behind the order has no admitted meter in this community.',
  signatureInvalid: 'The order is not signed by the home that it names.',
  hashUnknown: 'The order was not announced before the gate closed.',
  hashLate: 'The order was announced after the gate closed.',
  revealedEarly: 'The order was opened before the gate closed, when others could still answer it.',
  revealedLate: 'The order was opened too late.',
  replayed: 'The order was sent again; it counts once.',
  secondOrder: 'The home has another order for this quarter of an hour, and the first one is final.',
  priceBelowFeedIn: 'The order names a price below what the grid pays.',
  priceAboveRetail: 'The order names a price above what the supplier charges.',
  overSold: 'The order offers more than the panels or the connection of this home can deliver.',
  overBought: 'The order asks for more than the connection of this home can carry.',
  reservationMissing: 'The home has not set aside enough for what the order may cost it.',
  withheld: 'The order was announced and never opened.',
}

/** What a reason means, for a person. */
export function explainRefusal(reason: OrderRefusal): string {
  return sentences[reason]
}

function refuse(reason: OrderRefusal): OrderVerdict {
  return { kind: 'refused', reason, sentence: explainRefusal(reason) }
}
