import type { MeterReading } from '../reading.ts'
import { energyBetween } from './energy-between.ts'
import type { FindingCode } from './findings.ts'
import type { SlotEnergy } from './slot-meter.ts'

/**
 * The sum check: slots of a day against what the registers counted from its first border to its last, as `before` and `after` tell.
 * Each border is rounded down once, so that the sum may be off by one watt-hour, not more. A day with an estimate that is not its
 * share of a gap does not add up; what it differs by was never traded.
 */
export function checkDay(
  slots: readonly SlotEnergy[],
  before: MeterReading,
  after: MeterReading,
): { readonly findings: readonly FindingCode[]; readonly differsByWh: number } {
  const differences = (['importWh', 'exportWh'] as const).map((register) => {
    const difference = energyBetween(before, after, register)
    if (difference === null) return 0
    const sum = slots.reduce((total, slot) => total + (slot[register] ?? 0), 0)
    return 'wattHours' in difference ? sum - difference.wattHours : sum
  })
  const differsByWh = differences.reduce((most, one) => (Math.abs(one) > Math.abs(most) ? one : most), 0)
  return { findings: Math.abs(differsByWh) > 1 ? ['sumDiffers'] : [], differsByWh }
}
