/**
 * What a home is expected to use or make in a slot, from its own past and nothing else.
 *
 * Three simple forecasts run side by side, each right in some homes and hours and wrong in others:
 * - the home's day, smoothed so that recent days count more, plus how today differs from it by now, fading as fast as it faded before
 *   (seasonal exponential smoothing with an autoregressive error: Hyndman and Athanasopoulos, Forecasting, 3rd ed., chapters 8 and 10);
 * - what this slot of the day was at half of all days (a median that moves a step at a time, so that one dinner party teaches little);
 * - what the last slot was.
 * They are mixed by how well each did lately in this home (weights by the inverse fourth power of the mean error), which in the fixtures is
 * better than the best of the three in nearly every home (`npm run bench energy forecast` prints it beside persistence).
 */
export type Forecaster = {
  /** Takes in what slot number `slot` came to; in order, gaps allowed: a missing or implausible reading is simply left out. */
  learn(slot: number, wattHours: number): void
  /** What `slot`, behind the last one learned, will come to. Never negative. */
  expect(slot: number): Expectation
}

export type Expectation = {
  readonly wattHours: number
  /** Mean distance between what was expected of this slot of the day and what came, in Wh. */
  readonly usualErrorWh: number
}

/** Weight of the newest day in a slot's smoothed value. */
const newestDayWeight = 0.15
/** Weight of the newest error in the usual error of a slot of the day, which comes once a day. */
const newestErrorWeight = 0.1
/** Weight of the newest error in the judgement of the three, which comes every slot. */
const judgingWeight = 0.01
/** How much of what was learned about fading is kept from one slot to the next. */
const fadingMemory = 0.998
/** The moving median steps by a tenth of itself, by 2 Wh at least. */
const medianStep = 0.1
const leastMedianStepWh = 2

/**
 * A forecaster that knows nothing yet. `aheadSlots` is how far ahead it will be asked and is judged: two by default, since orders for a slot
 * are due before the slot before it has ended.
 */
export function createForecaster(slotsPerDay: number, aheadSlots = 2): Forecaster {
  const day = createSmoothedDay(slotsPerDay)
  const median = createMovingMedian(slotsPerDay)
  const judges = new Float64Array(3).fill(1)
  const usualErrors = new Float64Array(slotsPerDay)
  const promises = new Map<number, readonly [number, number, number]>()
  let latestWh = 0

  const ask = (slot: number): readonly [number, number, number] => [
    day.expect(slot) ?? latestWh,
    median.expect(slot) ?? latestWh,
    latestWh,
  ]
  return {
    learn(slot, wattHours) {
      const promised = promises.get(slot)
      if (promised !== undefined) {
        const place = slot % slotsPerDay
        usualErrors[place]! += newestErrorWeight * (Math.abs(wattHours - mix(promised, judges)) - usualErrors[place]!)
        promised.forEach((one, at) => (judges[at]! += judgingWeight * (Math.abs(wattHours - one) - judges[at]!)))
      }
      for (const old of promises.keys()) if (old <= slot) promises.delete(old)
      day.learn(slot, wattHours)
      median.learn(slot, wattHours)
      latestWh = wattHours
      promises.set(slot + aheadSlots, ask(slot + aheadSlots))
    },
    expect(slot) {
      return { wattHours: Math.max(0, mix(ask(slot), judges)), usualErrorWh: usualErrors[slot % slotsPerDay]! }
    },
  }
}

function mix(values: readonly [number, number, number], errors: Float64Array): number {
  let [sum, weights] = [0, 0]
  for (let at = 0; at < values.length; at++) {
    const weight = 1 / (errors[at]! ** 4 + 1e-12)
    sum += weight * values[at]!
    weights += weight
  }
  return sum / weights
}

/** The home's day and how today differs from it. */
function createSmoothedDay(slotsPerDay: number) {
  const level = new Float64Array(slotsPerDay).fill(Number.NaN)
  let [lastSlot, deviation, together, alone] = [-2, 0, 0, 1e-9]
  return {
    learn(slot: number, wattHours: number): void {
      const place = slot % slotsPerDay
      const before = level[place]!
      const differs = Number.isNaN(before) ? 0 : wattHours - before
      if (slot === lastSlot + 1) {
        together = fadingMemory * together + differs * deviation
        alone = fadingMemory * alone + deviation * deviation
      }
      level[place] = Number.isNaN(before) ? wattHours : before + newestDayWeight * differs
      ;[lastSlot, deviation] = [slot, differs]
    },
    /** Null for a slot of the day that was never seen. */
    expect(slot: number): number | null {
      const usual = level[slot % slotsPerDay]!
      if (Number.isNaN(usual)) return null
      const fading = Math.min(1, Math.max(0, together / alone))
      return Math.max(0, usual + deviation * fading ** Math.max(1, slot - lastSlot))
    },
  }
}

/** What each slot of the day was at half of all days. */
function createMovingMedian(slotsPerDay: number) {
  const middle = new Float64Array(slotsPerDay).fill(Number.NaN)
  return {
    learn(slot: number, wattHours: number): void {
      const place = slot % slotsPerDay
      const before = middle[place]!
      const distance = wattHours - before
      const step = Math.max(leastMedianStepWh, medianStep * before)
      middle[place] = Number.isNaN(before)
        ? wattHours
        : before + Math.sign(distance) * Math.min(step, Math.abs(distance))
    },
    expect(slot: number): number | null {
      const value = middle[slot % slotsPerDay]!
      return Number.isNaN(value) ? null : value
    },
  }
}
