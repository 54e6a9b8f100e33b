import { clearSlot } from '../../../roles/energy/protocol/clearing/clear-slot.ts'
import { hashBytes, type OrderColumns } from '../../../roles/energy/protocol/clearing/order-columns.ts'
import {
  addTrade,
  kept,
  type MeasuredTrade,
  noSums,
  settleTrade,
  sumSlot,
} from '../../../roles/energy/protocol/settlement/settle-slot.ts'
import {
  decideOrder,
  type OrderDecision,
  type StandingRules,
} from '../../../roles/energy/protocol/trading/decide-order.ts'
import { createForecaster } from '../../../roles/energy/protocol/trading/forecast.ts'
import { billWei } from '../../../roles/energy/protocol/trading/what-if.ts'
import { randomFrom } from '../../../roles/energy/protocol/testing/random-markets.ts'
import type { Tariff } from '../../../roles/energy/protocol/units.ts'
import { type Home, slotsPerDay } from './homes.ts'

/** What a community's month came to. Energy in Wh, money in wei. */
export type CommunityMonth = {
  readonly generationWh: number
  readonly loadWh: number
  /** Generation that its own home used at once. */
  readonly ownUseWh: number
  readonly importWh: number
  readonly exportWh: number
  /** Promised in auctions, and of it paid at the price. */
  readonly tradedWh: number
  readonly matchedWh: number
  readonly orders: number
  readonly slotsWithTrade: number
  /** By home: the grid alone, and with trades. */
  readonly gridOnlyWei: readonly bigint[]
  readonly withTradesWei: readonly bigint[]
  /** Money that appeared or vanished in trades; must be nothing. */
  readonly imbalanceWei: bigint
  /** Nodes with a sum other than zero, added up over the days: what goes on chain. */
  readonly netsPosted: number
}

type Trader = {
  readonly home: Home
  readonly rules: StandingRules
  readonly load: ReturnType<typeof createForecaster>
  readonly generation: ReturnType<typeof createForecaster>
}

type Totals = {
  -readonly [K in keyof CommunityMonth]: CommunityMonth[K] extends readonly bigint[] ? bigint[] : CommunityMonth[K]
}

/** A connection of three times 35 A at 230 V carries this in a quarter of an hour. */
const connectionWh = 6000

/**
 * A month of one community with the functions that run in the product: forecasts, standing rules, auction, settlement by measured delivery. What
 * is left out is what changes no figure: signatures and gossip, and hashes are random bytes instead of keccak of orders.
 */
export function simulateCommunity(homes: readonly Home[], slots: number, tariff: Tariff, seed: number): CommunityMonth {
  const traders = homes.map((home) => makeTrader(home, tariff))
  const random = randomFrom(seed)
  const totals = noTotals(homes.length)
  let usualPriceGweiPerWh: number | null = null
  let dayNets = homes.map(() => 0n)
  for (let slot = 0; slot < slots; slot++) {
    const orders = traders.map((trader) => askTrader(trader, slot, usualPriceGweiPerWh, tariff))
    const nets = runSlot(traders, orders, slot, tariff, random, totals, (price) => (usualPriceGweiPerWh = price))
    dayNets = dayNets.map((sum, at) => sum + nets[at]!)
    if ((slot + 1) % slotsPerDay === 0) {
      totals.netsPosted += dayNets.filter((wei) => wei !== 0n).length
      dayNets = homes.map(() => 0n)
    }
  }
  return totals
}

function makeTrader(home: Home, { retailGweiPerWh, feedInGweiPerWh }: Tariff): Trader {
  const at = (share: number): number => Math.round(feedInGweiPerWh + share * (retailGweiPerWh - feedInGweiPerWh))
  return {
    home,
    rules: { sellAboveGweiPerWh: at(home.asksShare), buyBelowGweiPerWh: at(home.offersShare), reserveWh: 0 },
    load: createForecaster(slotsPerDay),
    generation: createForecaster(slotsPerDay),
  }
}

function noTotals(homes: number): Totals {
  return {
    ...{ generationWh: 0, loadWh: 0, ownUseWh: 0, importWh: 0, exportWh: 0, tradedWh: 0, matchedWh: 0, orders: 0 },
    ...{ slotsWithTrade: 0, imbalanceWei: 0n, netsPosted: 0 },
    gridOnlyWei: Array.from({ length: homes }, () => 0n),
    withTradesWei: Array.from({ length: homes }, () => 0n),
  }
}

/** The order for a slot from what was known when it was due: all slots but the one before it had ended. */
function askTrader(trader: Trader, slot: number, usualPriceGweiPerWh: number | null, tariff: Tariff): OrderDecision {
  const { home, rules, load, generation } = trader
  if (slot >= 2) {
    load.learn(slot - 2, home.loadWh(slot - 2))
    if (home.peakWatts > 0) generation.learn(slot - 2, home.generationWh(slot - 2))
  }
  const limits = { connectionWh, panelWh: home.peakWatts / 4 }
  const facts = { load: load.expect(slot), generation: generation.expect(slot), batteryWh: null }
  return decideOrder(rules, { ...facts, usualPriceGweiPerWh, tariff, limits })
}

function runSlot(
  traders: readonly Trader[],
  decisions: readonly OrderDecision[],
  slot: number,
  tariff: Tariff,
  random: () => number,
  totals: Totals,
  onPrice: (priceGweiPerWh: number) => void,
): bigint[] {
  const who = decisions.flatMap((decision, at) => (decision.kind === 'none' ? [] : [at]))
  const { priceGweiPerWh, filledWh, byHash } = clearSlot(columnsFor(decisions, who, random))
  const measured = traders.map(({ home }) => measure(home, slot, totals))
  const nets = traders.map(() => 0n)
  const matched = traders.map(() => 0)
  if (priceGweiPerWh !== null) {
    onPrice(priceGweiPerWh)
    totals.slotsWithTrade++
    const trades = Array.from(byHash, (row): MeasuredTrade => {
      const { importWh, exportWh } = measured[who[row]!]!
      const sells = decisions[who[row]!]!.kind === 'sell'
      return { side: sells ? 'sell' : 'buy', filledWh: filledWh[row]!, measuredWh: sells ? exportWh : importWh }
    })
    const sums = sumSlot(trades)
    let before = noSums
    trades.forEach((trade, place) => {
      const at = who[byHash[place]!]!
      const { netWei, matchedWh, stoodUpWh } = settleTrade(trade, before, sums, priceGweiPerWh, tariff)
      before = addTrade(before, trade)
      nets[at] = netWei
      matched[at] = matchedWh
      totals.imbalanceWei += netWei
      if (trade.side === 'sell') totals.tradedWh += trade.filledWh
      if (trade.side === 'sell') totals.matchedWh += matchedWh
      if (kept(trade) !== matchedWh + stoodUpWh)
        throw new Error(`Slot ${slot}: a trade is kept neither here nor there.`)
    })
  }
  totals.orders += who.length
  measured.forEach(({ importWh, exportWh }, at) => {
    const sells = decisions[at]!.kind === 'sell'
    const restWei = billWei(importWh - (sells ? 0 : matched[at]!), exportWh - (sells ? matched[at]! : 0), tariff)
    totals.gridOnlyWei[at]! += billWei(importWh, exportWh, tariff)
    totals.withTradesWei[at]! += restWei - nets[at]!
  })
  return nets
}

function measure(home: Home, slot: number, totals: Totals): { readonly importWh: number; readonly exportWh: number } {
  const [loadWh, generationWh] = [home.loadWh(slot), home.generationWh(slot)]
  const [importWh, exportWh] = [Math.max(0, loadWh - generationWh), Math.max(0, generationWh - loadWh)]
  totals.loadWh += loadWh
  totals.generationWh += generationWh
  totals.ownUseWh += Math.min(loadWh, generationWh)
  totals.importWh += importWh
  totals.exportWh += exportWh
  return { importWh, exportWh }
}

function columnsFor(decisions: readonly OrderDecision[], who: readonly number[], random: () => number): OrderColumns {
  const count = who.length
  const words = Uint32Array.from({ length: (count * hashBytes) / 4 }, () => Math.floor(random() * 2 ** 32))
  const columns = {
    count,
    buys: new Uint8Array(count),
    limitGweiPerWh: new Uint32Array(count),
    wattHours: new Uint32Array(count),
    hashes: new Uint8Array(words.buffer),
  }
  who.forEach((at, row) => {
    const decision = decisions[at]!
    if (decision.kind === 'none') return
    columns.buys[row] = decision.kind === 'buy' ? 1 : 0
    columns.limitGweiPerWh[row] = decision.limitGweiPerWh
    columns.wattHours[row] = decision.wattHours
  })
  return columns
}
