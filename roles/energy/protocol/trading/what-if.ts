import { addTrade, noSums, settleTrade, type MeasuredTrade } from '../settlement/settle-slot.ts'
import { type Tariff, weiOf } from '../units.ts'
import { decideOrder, type StandingRules, type TradingFacts } from './decide-order.ts'
import { createForecaster } from './forecast.ts'

/** One slot of a home's past. */
export type PastSlot = {
  readonly slot: number
  /** What the home used and what its panels made. */
  readonly loadWh: number
  readonly generationWh: number
  /** What its community traded at; null when nobody traded. */
  readonly priceGweiPerWh: number | null
}

/** What a month would have come to. */
export type WhatIf = {
  /** Bill from the supplier alone, less what the grid pays for what was left over; negative when more came in than went out. */
  readonly gridOnlyWei: bigint
  /** The same with trades by these rules. */
  readonly withTradesWei: bigint
  /** gridOnlyWei - withTradesWei. */
  readonly savedWei: bigint
  readonly soldWh: number
  readonly boughtWh: number
  /** Sold or bought and then not kept. */
  readonly missedWh: number
}

/**
 * What a home's past would have come to under other rules. Pure, and without hindsight: orders come from what the home's own forecasts would
 * have said at the time. It takes the prices as they were: one home more or less is assumed not to move them, and its orders to be filled whole where
 * the limit allows, and its counterparts to keep their word. Where it falls short it pays as PROTOCOL 7.5 says.
 */
export function whatIf(
  past: readonly PastSlot[],
  rules: StandingRules,
  options: { readonly tariff: Tariff; readonly slotsPerDay: number; readonly limits: TradingFacts['limits'] },
): WhatIf {
  const { tariff, slotsPerDay, limits } = options
  const [load, generation] = [createForecaster(slotsPerDay), createForecaster(slotsPerDay)]
  let usualPriceGweiPerWh: number | null = null
  let sum: WhatIf = { gridOnlyWei: 0n, withTradesWei: 0n, savedWei: 0n, soldWh: 0, boughtWh: 0, missedWh: 0 }
  /** Slots that had ended when the order was due: all but the one before. */
  let pending: PastSlot | null = null
  for (const one of past) {
    const facts = { load: load.expect(one.slot), generation: generation.expect(one.slot), batteryWh: null }
    const decision = decideOrder(rules, { ...facts, usualPriceGweiPerWh, tariff, limits })
    sum = addSlot(sum, one, decision.kind === 'none' ? null : tradeOf(decision, one), tariff)
    if (pending !== null) {
      load.learn(pending.slot, pending.loadWh)
      generation.learn(pending.slot, pending.generationWh)
    }
    pending = one
    usualPriceGweiPerWh = one.priceGweiPerWh ?? usualPriceGweiPerWh
  }
  return sum
}

function tradeOf(
  order: { readonly kind: 'sell' | 'buy'; readonly limitGweiPerWh: number; readonly wattHours: number },
  { priceGweiPerWh, loadWh, generationWh }: PastSlot,
): MeasuredTrade | null {
  if (priceGweiPerWh === null) return null
  const agrees = order.kind === 'sell' ? order.limitGweiPerWh <= priceGweiPerWh : order.limitGweiPerWh >= priceGweiPerWh
  if (!agrees) return null
  const measuredWh = Math.max(0, order.kind === 'sell' ? generationWh - loadWh : loadWh - generationWh)
  return { side: order.kind, filledWh: order.wattHours, measuredWh }
}

function addSlot(sum: WhatIf, past: PastSlot, trade: MeasuredTrade | null, tariff: Tariff): WhatIf {
  const { loadWh, generationWh } = past
  const [importWh, exportWh] = [Math.max(0, loadWh - generationWh), Math.max(0, generationWh - loadWh)]
  const gridWei = billWei(importWh, exportWh, tariff)
  const kept = trade === null ? 0 : Math.min(trade.filledWh, trade.measuredWh)
  const buys = trade?.side === 'buy'
  const residueWei = billWei(importWh - (buys ? kept : 0), exportWh - (buys ? 0 : kept), tariff)
  const withTradesWei = residueWei - (trade === null ? 0n : netWei(trade, past.priceGweiPerWh!, tariff))
  return {
    gridOnlyWei: sum.gridOnlyWei + gridWei,
    withTradesWei: sum.withTradesWei + withTradesWei,
    savedWei: sum.savedWei + gridWei - withTradesWei,
    soldWh: sum.soldWh + (buys ? 0 : kept),
    boughtWh: sum.boughtWh + (buys ? kept : 0),
    missedWh: sum.missedWh + (trade === null ? 0 : trade.filledWh - kept),
  }
}

/** What the trade comes to with a counterpart that keeps its word. */
function netWei(trade: MeasuredTrade, priceGweiPerWh: number, tariff: Tariff): bigint {
  const other: MeasuredTrade = {
    side: trade.side === 'sell' ? 'buy' : 'sell',
    filledWh: trade.filledWh,
    measuredWh: trade.filledWh,
  }
  const both = [trade, other].reduce(addTrade, noSums)
  const slot = { tradedWh: trade.filledWh, deliveredWh: both.deliveredWh, takenWh: both.takenWh }
  return settleTrade(trade, noSums, slot, priceGweiPerWh, tariff).netWei
}

/** The supplier's bill less what the grid pays. Whole Wh; fractions are rounded down. */
export function billWei(importWh: number, exportWh: number, tariff: Tariff): bigint {
  return weiOf(tariff.retailGweiPerWh, Math.floor(importWh)) - weiOf(tariff.feedInGweiPerWh, Math.floor(exportWh))
}
