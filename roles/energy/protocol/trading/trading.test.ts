import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { weiOf } from '../units.ts'
import { decideOrder, laplaceQuantile, type StandingRules, type TradingFacts } from './decide-order.ts'
import { createForecaster } from './forecast.ts'
import { type PastSlot, whatIf } from './what-if.ts'

const tariff = { retailGweiPerWh: 300_000, feedInGweiPerWh: 80_000 }
const rules: StandingRules = { sellAboveGweiPerWh: 100_000, buyBelowGweiPerWh: 250_000, reserveWh: 0 }
const sure = (wattHours: number) => ({ wattHours, usualErrorWh: 0 })
const facts = (generationWh: number, loadWh: number, more: Partial<TradingFacts> = {}): TradingFacts => ({
  generation: sure(generationWh),
  load: sure(loadWh),
  batteryWh: null,
  usualPriceGweiPerWh: null,
  tariff,
  limits: { connectionWh: 6000, panelWh: 1250 },
  ...more,
})

describe('standing rules', () => {
  it('sell what is left over and buy what is missing, whole watt-hours rounded down', () => {
    expect(decideOrder(rules, facts(700.9, 200))).toEqual({ kind: 'sell', limitGweiPerWh: 100_000, wattHours: 500 })
    expect(decideOrder(rules, facts(0, 200.9))).toEqual({ kind: 'buy', limitGweiPerWh: 250_000, wattHours: 200 })
    expect(decideOrder(rules, facts(200.5, 200))).toEqual({ kind: 'none', reason: 'nothingLeft' })
  })

  it('never offer more than the panel makes, nor ask for more than the connection carries', () => {
    expect(decideOrder(rules, facts(9000, 0))).toMatchObject({ kind: 'sell', wattHours: 1250 })
    expect(decideOrder(rules, facts(0, 9000))).toMatchObject({ kind: 'buy', wattHours: 6000 })
  })

  it('keep the battery its reserve before anything is sold', () => {
    const keep = { ...rules, reserveWh: 2000 }
    expect(decideOrder(keep, facts(900, 100, { batteryWh: 1500 }))).toMatchObject({ kind: 'sell', wattHours: 300 })
    expect(decideOrder(keep, facts(900, 100, { batteryWh: 500 }))).toEqual({ kind: 'none', reason: 'batteryFirst' })
    expect(decideOrder(keep, facts(900, 100, { batteryWh: 2500 }))).toMatchObject({ kind: 'sell', wattHours: 800 })
  })

  it('say why nothing is traded: no rule, or a rule that the tariff cannot meet', () => {
    const never = { sellAboveGweiPerWh: null, buyBelowGweiPerWh: null, reserveWh: 0 }
    expect(decideOrder(never, facts(900, 0))).toEqual({ kind: 'none', reason: 'noRule' })
    expect(decideOrder(never, facts(0, 900))).toEqual({ kind: 'none', reason: 'noRule' })
    const dreams = { sellAboveGweiPerWh: 400_000, buyBelowGweiPerWh: 10_000, reserveWh: 0 }
    expect(decideOrder(dreams, facts(900, 0))).toEqual({ kind: 'none', reason: 'ruleOutsideTariff' })
    expect(decideOrder(dreams, facts(0, 900))).toEqual({ kind: 'none', reason: 'ruleOutsideTariff' })
  })

  it('offer less where missing costs more than leftovers, and more where it is the other way round', () => {
    const unsure = { generation: { wattHours: 800, usualErrorWh: 100 } }
    const offered = (usualPriceGweiPerWh: number): number => {
      const decision = decideOrder(rules, facts(800, 0, { ...unsure, usualPriceGweiPerWh }))
      return decision.kind === 'none' ? 0 : decision.wattHours
    }
    expect(offered(190_000)).toBe(800)
    expect(offered(100_000)).toBeLessThan(800)
    expect(offered(280_000)).toBeGreaterThan(800)
  })

  it('name no price at which what is expected to be missed costs more than what is kept brings', () => {
    const unsure = { load: { wattHours: 200, usualErrorWh: 100 }, usualPriceGweiPerWh: 200_000 }
    const eager: StandingRules = { sellAboveGweiPerWh: 80_000, buyBelowGweiPerWh: 300_000, reserveWh: 0 }
    const bid = decideOrder(eager, facts(0, 0, unsure))
    expect(bid.kind === 'buy' && bid.limitGweiPerWh < 270_000).toBe(true)
    const ask = decideOrder(eager, facts(400, 0, unsure))
    expect(ask.kind === 'sell' && ask.limitGweiPerWh > 110_000).toBe(true)
  })

  it('always stay within the tariff', () => {
    const price = fc.option(fc.integer({ min: 0, max: 500_000 }))
    const wh = fc.double({ min: 0, max: 5000, noNaN: true })
    fc.assert(
      fc.property(price, price, wh, wh, wh, (sellAboveGweiPerWh, buyBelowGweiPerWh, made, used, usualErrorWh) => {
        const generation = { wattHours: made, usualErrorWh }
        const decision = decideOrder(
          { sellAboveGweiPerWh, buyBelowGweiPerWh, reserveWh: 0 },
          facts(0, used, { generation }),
        )
        if (decision.kind === 'none') return
        expect(decision.limitGweiPerWh).toBeGreaterThanOrEqual(tariff.feedInGweiPerWh)
        expect(decision.limitGweiPerWh).toBeLessThanOrEqual(tariff.retailGweiPerWh)
        expect(Number.isInteger(decision.wattHours) && decision.wattHours >= 1).toBe(true)
      }),
    )
  })

  it('take the quantile of a Laplace distribution', () => {
    expect(laplaceQuantile(0.5, 10)).toBeCloseTo(0)
    expect(laplaceQuantile(0.75, 10)).toBeCloseTo(10 * Math.log(2))
    expect(laplaceQuantile(0.25, 10)).toBeCloseTo(-10 * Math.log(2))
  })
})

describe('the forecast', () => {
  it('knows a home that does the same every day, from the second day on', () => {
    const forecaster = createForecaster(24)
    const usual = (slot: number): number => (slot % 24 === 18 ? 900 : 100)
    for (let slot = 0; slot < 24 * 10; slot++) forecaster.learn(slot, usual(slot))
    for (let slot = 24 * 10; slot < 24 * 11; slot++)
      expect(Math.abs(forecaster.expect(slot).wattHours - usual(slot))).toBeLessThan(1)
  })

  it('knows nothing of the future: what it says depends on what it learned alone', () => {
    const first = createForecaster(24)
    const second = createForecaster(24)
    for (let slot = 0; slot < 100; slot++) {
      first.learn(slot, slot % 7)
      second.learn(slot, slot % 7)
    }
    const before = first.expect(101)
    second.learn(101, 5000)
    expect(first.expect(101)).toEqual(before)
  })

  it('is never negative, whatever came before, and takes gaps', () => {
    const past = fc.array(fc.tuple(fc.integer({ min: 1, max: 5 }), fc.nat({ max: 5000 })), { maxLength: 80 })
    fc.assert(
      fc.property(past, (steps) => {
        const forecaster = createForecaster(8)
        let slot = 0
        for (const [gap, wattHours] of steps) forecaster.learn((slot += gap), wattHours)
        const { wattHours, usualErrorWh } = forecaster.expect(slot + 2)
        expect(wattHours).toBeGreaterThanOrEqual(0)
        expect(usualErrorWh).toBeGreaterThanOrEqual(0)
        expect(Number.isFinite(wattHours + usualErrorWh)).toBe(true)
      }),
    )
  })

  const fixtures = process.env['HEARTH_FIXTURES']
  it.skipIf(fixtures === undefined)('is better than persistence in real homes', () => {
    const watts = readFileSync(join(fixtures!, 'profiles/home_family_2children.csv'), 'utf8')
      .trim()
      .split('\n')
      .slice(1)
    const series = watts.map((line) => Number(line.split(',')[1]) / 4)
    const forecaster = createForecaster(96)
    let [ours, persistence] = [0, 0]
    series.forEach((wattHours, slot) => {
      if (slot >= 7 * 96) {
        ours += Math.abs(forecaster.expect(slot).wattHours - wattHours)
        persistence += Math.abs(series[slot - 2]! - wattHours)
      }
      if (slot > 0) forecaster.learn(slot - 1, series[slot - 1]!)
    })
    expect(ours).toBeLessThan(persistence)
  })
})

describe('what if', () => {
  const limits = { connectionWh: 6000, panelWh: 1250 }
  const options = { tariff, slotsPerDay: 4, limits }
  /** Ten days of a home that makes 400 Wh in slot 1 and uses 100 Wh otherwise. */
  const past = Array.from({ length: 40 }, (_, slot): PastSlot => {
    const generationWh = slot % 4 === 1 ? 400 : 0
    return { slot, loadWh: slot % 4 === 1 ? 0 : 100, generationWh, priceGweiPerWh: 200_000 }
  })

  it('without rules is the grid alone', () => {
    const never = { sellAboveGweiPerWh: null, buyBelowGweiPerWh: null, reserveWh: 0 }
    const result = whatIf(past, never, options)
    expect(result.gridOnlyWei).toBe(weiOf(300_000, 3000) - weiOf(80_000, 4000))
    expect(result).toMatchObject({ withTradesWei: result.gridOnlyWei, savedWei: 0n, soldWh: 0, boughtWh: 0 })
  })

  it('tells what trading would have saved, first days of learning included', () => {
    const result = whatIf(past, rules, options)
    expect(result.soldWh).toBeGreaterThan(2500)
    expect(result.boughtWh).toBeGreaterThan(1500)
    expect(result.savedWei).toBe(result.gridOnlyWei - result.withTradesWei)
    const lostWei = weiOf(120_000, result.soldWh) + weiOf(100_000, result.boughtWh) - result.savedWei
    expect(lostWei >= weiOf(100_000, result.missedWh)).toBe(true)
    expect(lostWei <= weiOf(120_000, result.missedWh)).toBe(true)
  })

  it('never trades beyond its limits', () => {
    const dear = whatIf(past, { sellAboveGweiPerWh: 250_000, buyBelowGweiPerWh: 150_000, reserveWh: 0 }, options)
    expect(dear).toMatchObject({ soldWh: 0, boughtWh: 0, savedWei: 0n })
  })
})
