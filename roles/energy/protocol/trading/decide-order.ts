import type { Tariff } from '../units.ts'
import type { Expectation } from './forecast.ts'

/** What a person has said once, so that trading needs nobody. */
export type StandingRules = {
  /** Sell what is left over for this much or more; null = never. */
  readonly sellAboveGweiPerWh: number | null
  /** Buy what is missing for this much or less; null = never. */
  readonly buyBelowGweiPerWh: number | null
  /** Charge that the battery has before anything is sold. Hearth only reads meters, so it keeps back what would charge it. */
  readonly reserveWh: number
}

/** What is known when an order is due. */
export type TradingFacts = {
  readonly generation: Expectation
  readonly load: Expectation
  /** Charge of the battery now, null without one. */
  readonly batteryWh: number | null
  /** What trades were made at lately; null when there were none. */
  readonly usualPriceGweiPerWh: number | null
  readonly tariff: Tariff
  /** Most that the connection carries and the panel makes in one slot (PROTOCOL 7.1). */
  readonly limits: { readonly connectionWh: number; readonly panelWh: number }
}

/** What to do in a slot, or why nothing. */
export type OrderDecision =
  | { readonly kind: 'sell' | 'buy'; readonly limitGweiPerWh: number; readonly wattHours: number }
  | { readonly kind: 'none'; readonly reason: 'noRule' | 'nothingLeft' | 'ruleOutsideTariff' | 'batteryFirst' }

/**
 * The order that standing rules give for a slot. Pure.
 *
 * How much: the expected surplus or need is uncertain, and being wrong costs differently on each side (PROTOCOL 7.5). A seller loses
 * (retail - price) for each Wh too many and (price - feed-in) for each too few, so the best offer is the quantile
 * (price - feed-in) / (retail - feed-in) of what may come, and of a buyer (retail - price) / (retail - feed-in): the newsvendor's rule (Arrow,
 * Harris and Marschak 1951). Errors are taken as Laplace-distributed around the forecast. Wh are rounded down: the rest goes to or comes from the grid.
 *
 * At what price: the person's own, or the one at which what is expected to be kept just pays for what is expected to be missed, whichever is the
 * better for the home. Without that second bound a home that offers nearly the retail price loses by trading (seen in the simulation).
 */
export function decideOrder(rules: StandingRules, facts: TradingFacts): OrderDecision {
  const { generation, load, tariff } = facts
  const netWh = generation.wattHours - load.wattHours
  const errorWh = Math.hypot(generation.usualErrorWh, load.usualErrorWh)
  const spread = tariff.retailGweiPerWh - tariff.feedInGweiPerWh
  const price = facts.usualPriceGweiPerWh ?? tariff.feedInGweiPerWh + spread / 2
  const priceShare = spread === 0 ? 0.5 : (price - tariff.feedInGweiPerWh) / spread
  const sells = netWh > 0
  const wantedWh = Math.abs(netWh) + laplaceQuantile(sells ? priceShare : 1 - priceShare, errorWh)
  const expected = { expectedWh: Math.abs(netWh), errorWh }
  return sells ? decideSale(rules, facts, wantedWh, expected) : decidePurchase(rules, facts, wantedWh, expected)
}

type Expected = { readonly expectedWh: number; readonly errorWh: number }

function decideSale(rules: StandingRules, facts: TradingFacts, surplusWh: number, expected: Expected): OrderDecision {
  const { tariff, batteryWh, limits } = facts
  const limit = rules.sellAboveGweiPerWh
  if (limit === null) return { kind: 'none', reason: 'noRule' }
  if (limit > tariff.retailGweiPerWh) return { kind: 'none', reason: 'ruleOutsideTariff' }
  const forBatteryWh = batteryWh === null ? 0 : Math.max(0, rules.reserveWh - batteryWh)
  const wattHours = Math.floor(Math.min(surplusWh - forBatteryWh, limits.panelWh, limits.connectionWh))
  if (wattHours < 1)
    return { kind: 'none', reason: surplusWh >= 1 && forBatteryWh > 0 ? 'batteryFirst' : 'nothingLeft' }
  const missed = shareMissed(wattHours, expected)
  const worthIt = tariff.feedInGweiPerWh + Math.ceil(missed * (tariff.retailGweiPerWh - tariff.feedInGweiPerWh))
  return { kind: 'sell', limitGweiPerWh: Math.max(limit, worthIt), wattHours }
}

function decidePurchase(
  rules: StandingRules,
  { tariff, limits }: TradingFacts,
  needWh: number,
  expected: Expected,
): OrderDecision {
  const limit = rules.buyBelowGweiPerWh
  if (limit === null) return { kind: 'none', reason: 'noRule' }
  if (limit < tariff.feedInGweiPerWh) return { kind: 'none', reason: 'ruleOutsideTariff' }
  const wattHours = Math.floor(Math.min(needWh, limits.connectionWh))
  if (wattHours < 1) return { kind: 'none', reason: 'nothingLeft' }
  const missed = shareMissed(wattHours, expected)
  const worthIt = tariff.retailGweiPerWh - Math.ceil(missed * (tariff.retailGweiPerWh - tariff.feedInGweiPerWh))
  return { kind: 'buy', limitGweiPerWh: Math.min(limit, worthIt), wattHours }
}

/** The part of an order that is expected not to be kept, in [0, 1]. */
function shareMissed(wattHours: number, { expectedWh, errorWh }: Expected): number {
  const beyond = wattHours - expectedWh
  const tail = errorWh === 0 ? 0 : (errorWh / 2) * Math.exp(-Math.abs(beyond) / errorWh)
  return Math.min(1, Math.max(0, (Math.max(0, beyond) + tail) / wattHours))
}

/** The quantile of a Laplace distribution around zero whose mean distance from it is `scale`; shares are kept off 0 and 1. */
export function laplaceQuantile(share: number, scale: number): number {
  const kept = Math.min(0.99, Math.max(0.01, share))
  return kept < 0.5 ? scale * Math.log(2 * kept) : -scale * Math.log(2 * (1 - kept))
}
