import { createForecaster } from '../../../roles/energy/protocol/trading/forecast.ts'
import { report } from '../storage/report.ts'
import { loadProfiles, slotsPerDay } from './homes.ts'

const learningSlots = 7 * slotsPerDay
/** When an order is due, and a day ahead. */
const distances = { 'when an order is due': 2, 'a day ahead': slotsPerDay } as const

/** Mean absolute error beside persistence (the last slot known; the same slot a day before), after a week of learning. */
export function benchForecast(): boolean {
  const { homes, sun, source } = loadProfiles(process.env['HEARTH_FIXTURES'])
  const series = { 'six homes’ use': homes, 'a solar system’s generation': [sun] }
  for (const [what, list] of Object.entries(series)) {
    for (const [when, ahead] of Object.entries(distances)) {
      const errors = list.map((one) => measure(one, ahead))
      const mean = (of: (error: (typeof errors)[number]) => number): number =>
        errors.reduce((sum, error) => sum + of(error), 0) / errors.length
      report({
        bench: 'energy',
        figure: `mean error of the forecast of ${what}, ${when}`,
        value: mean(({ ours }) => ours),
        unit: 'Wh a slot',
        peer: { name: 'persistence: the last slot known', value: Number(mean(({ last }) => last).toPrecision(3)) },
        details: {
          sameSlotYesterday: Number(mean(({ yesterday }) => yesterday).toPrecision(3)),
          betterThanBothIn: `${errors.filter(({ ours, last, yesterday }) => ours < Math.min(last, yesterday)).length} of ${list.length}`,
          source,
        },
      })
    }
  }
  return true
}

function measure(series: Float64Array, ahead: number): { ours: number; last: number; yesterday: number } {
  const forecaster = createForecaster(slotsPerDay, ahead)
  let [ours, last, yesterday, count] = [0, 0, 0, 0]
  series.forEach((wattHours, slot) => {
    if (slot >= learningSlots) {
      ours += Math.abs(forecaster.expect(slot).wattHours - wattHours)
      last += Math.abs(series[slot - ahead]! - wattHours)
      yesterday += Math.abs(series[slot - slotsPerDay]! - wattHours)
      count++
    }
    if (slot >= ahead - 1) forecaster.learn(slot - ahead + 1, series[slot - ahead + 1]!)
  })
  return { ours: ours / count, last: last / count, yesterday: yesterday / count }
}
