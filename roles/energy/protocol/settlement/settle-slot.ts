import { type Tariff, weiOf } from '../units.ts'

/** What one order traded in the auction, and what its node's meter then counted in that direction. */
export type MeasuredTrade = {
  readonly side: 'sell' | 'buy'
  readonly filledWh: number
  /** Export of a seller, import of a buyer; 0 where there is no reading that counts. */
  readonly measuredWh: number
}

/** Sums over a slot; with them and the sums before it, each trade's money can be computed alone. */
export type SlotSums = {
  readonly tradedWh: number
  /** Sum over sellers of the lesser of sold and exported. */
  readonly deliveredWh: number
  /** Sum over buyers of the lesser of bought and imported. */
  readonly takenWh: number
}

/** Sums over the trades that stand before one in the slot's book. */
export type SumsBefore = {
  readonly soldWh: number
  readonly boughtWh: number
  readonly deliveredWh: number
  readonly takenWh: number
}

export const noSums: SumsBefore = { soldWh: 0, boughtWh: 0, deliveredWh: 0, takenWh: 0 }

/** The part of a trade that really happened. */
export function kept(trade: MeasuredTrade): number {
  return Math.min(trade.filledWh, trade.measuredWh)
}

/** Sums including one more trade. */
export function addTrade(before: SumsBefore, trade: MeasuredTrade): SumsBefore {
  const { soldWh, boughtWh, deliveredWh, takenWh } = before
  return trade.side === 'sell'
    ? { soldWh: soldWh + trade.filledWh, boughtWh, deliveredWh: deliveredWh + kept(trade), takenWh }
    : { soldWh, boughtWh: boughtWh + trade.filledWh, deliveredWh, takenWh: takenWh + kept(trade) }
}

/** The sums of a slot's whole book. Throws a RangeError when bought and sold differ: no auction gives that. */
export function sumSlot(trades: readonly MeasuredTrade[]): SlotSums {
  const { soldWh, boughtWh, deliveredWh, takenWh } = trades.reduce(addTrade, noSums)
  if (soldWh !== boughtWh) throw new RangeError(`${soldWh} Wh are sold and ${boughtWh} Wh bought in one slot.`)
  return { tradedWh: soldWh, deliveredWh, takenWh }
}

/** What a trade comes to. */
export type TradeSettlement = {
  /** Wh paid at the auction's price. */
  readonly matchedWh: number
  /** Wh kept that met no counterpart, because the other side fell short. */
  readonly stoodUpWh: number
  /** Wh not kept that the other side missed. */
  readonly missedWh: number
  /** What the node gets (positive) or pays. */
  readonly netWei: bigint
}

/**
 * Money of one trade by measured delivery (PROTOCOL 7.5). Pure integers; all trades of a slot sum to zero to the wei.
 *
 * What both sides kept, min(delivered, taken), is paid at the price and shared among those who kept their word in proportion to it.
 * Where sellers fell short, buyers had to take the rest from the grid and get (retail - price) for each such Wh from the short sellers; where
 * buyers fell short, sellers fed the rest into the grid and get (price - feed-in) from the short buyers. So who kept his word ends
 * exactly where he would have ended if all had, and nobody gains from another's failure: watt-hours that both sides failed to
 * keep harmed nobody and cost nothing.
 *
 * Shares of n Wh among weights are floor(n * upTo / all) - floor(n * before / all): whole, summing to n, never above the own weight,
 * and known from the own trade and the sums before it alone, so that a contract can check a single one.
 */
export function settleTrade(
  trade: MeasuredTrade,
  before: SumsBefore,
  slot: SlotSums,
  priceGweiPerWh: number,
  tariff: Tariff,
): TradeSettlement {
  const matchedInAll = Math.min(slot.deliveredWh, slot.takenWh)
  const sells = trade.side === 'sell'
  const keptWh = kept(trade)
  const keptInAll = sells ? slot.deliveredWh : slot.takenWh
  const keptBefore = sells ? before.deliveredWh : before.takenWh
  const shortBefore = sells ? before.soldWh - before.deliveredWh : before.boughtWh - before.takenWh
  const missedInAll = (sells ? slot.takenWh : slot.deliveredWh) - matchedInAll
  const matchedWh = shareOf(matchedInAll, keptBefore, keptWh, keptInAll)
  const stoodUpWh = keptWh - matchedWh
  const missedWh = shareOf(missedInAll, shortBefore, trade.filledWh - keptWh, slot.tradedWh - keptInAll)
  const lossOfBuyer = tariff.retailGweiPerWh - priceGweiPerWh
  const lossOfSeller = priceGweiPerWh - tariff.feedInGweiPerWh
  const paid = weiOf(priceGweiPerWh, matchedWh)
  const netWei = sells
    ? paid + weiOf(lossOfSeller, stoodUpWh) - weiOf(lossOfBuyer, missedWh)
    : -paid + weiOf(lossOfBuyer, stoodUpWh) - weiOf(lossOfSeller, missedWh)
  return { matchedWh, stoodUpWh, missedWh, netWei }
}

/** The part of `amount` that falls to a weight, given the weights before it: whole, and summing to `amount` over all. */
export function shareOf(amount: number, before: number, own: number, all: number): number {
  if (all === 0) return 0
  // Below 2^53 the quotient of doubles, rounded down, is exact: it cannot be rounded up to a whole number it does not reach.
  if (amount * (before + own) < 2 ** 53)
    return Math.floor((amount * (before + own)) / all) - Math.floor((amount * before) / all)
  const upTo = (weight: number): bigint => (BigInt(amount) * BigInt(weight)) / BigInt(all)
  return Number(upTo(before + own) - upTo(before))
}

/** What an order may cost its node at most, to be set aside before it counts: a bid its Wh at retail, an ask its Wh at (retail - feed-in). */
export function reservationWei(
  order: { readonly side: 'sell' | 'buy'; readonly wattHours: number },
  tariff: Tariff,
): bigint {
  const perWh = order.side === 'buy' ? tariff.retailGweiPerWh : tariff.retailGweiPerWh - tariff.feedInGweiPerWh
  return weiOf(perWh, order.wattHours)
}
