import type { MeterReading } from '../reading.ts'
import { energyBetween } from './energy-between.ts'
import type { FindingCode } from './findings.ts'
import type { MeterSite } from './site.ts'

/** The grid keeps within 10 % (EN 50160); beyond 15 % the meter measures wrong, or nothing works any more. */
const voltageShare = 0.15
/** Grids disconnect below 47.5 and above 51.5 Hz of 50. */
const frequencyShare = 0.05
/** A fuse carries more for minutes. */
const momentaryOverload = 1.5
/** Clocks drift and telegrams queue; two minutes are neither. */
const clockToleranceMs = 120_000
const hourMs = 3_600_000

/** What one reading and its change since the one before say. Pure; `previous` is the last reading that had registers. */
export function judgeReading(site: MeterSite, previous: MeterReading | null, now: MeterReading): FindingCode[] {
  const found: FindingCode[] = [...judgeAlone(site, now)]
  if (previous === null) return found
  if (previous.meterId !== null && now.meterId !== null && previous.meterId !== now.meterId) found.push('meterSwapped')
  if (Date.parse(now.receiveTime) < Date.parse(previous.receiveTime)) found.push('clockBack')
  found.push(...judgeClock(previous, now), ...judgeRegisters(previous, now))
  return found
}

function judgeAlone(site: MeterSite, now: MeterReading): FindingCode[] {
  const found: FindingCode[] = []
  if (now.flags.includes('deviceFault')) found.push('deviceFault')
  if (site.meterId !== null && now.meterId !== null && now.meterId !== site.meterId) found.push('wrongMeter')
  if (now.powerW !== null && Math.abs(now.powerW) > site.connectionW * momentaryOverload) found.push('connectionLimit')
  // A phase that is not connected tells zero.
  if (now.voltagesV.some((volts) => volts !== 0 && isOff(volts, site.nominalVolts, voltageShare))) found.push('voltage')
  if (now.frequencyHz !== null && isOff(now.frequencyHz, site.nominalHertz, frequencyShare)) found.push('frequency')
  return found
}

function isOff(value: number, nominal: number, share: number): boolean {
  return Math.abs(value - nominal) > nominal * share
}

/**
 * The device's clock against this computer's, by how their distance changed: a clock that is always wrong by the same does no harm. The
 * time of receipt may wait in a queue, hence the tolerance.
 */
function judgeClock(previous: MeterReading, now: MeterReading): FindingCode[] {
  if (previous.deviceTime === null || now.deviceTime === null) return []
  const distance = (one: MeterReading) => Date.parse(one.deviceTime!) - Date.parse(one.receiveTime)
  const jumpMs = Math.abs(distance(now) - distance(previous))
  if (jumpMs <= clockToleranceMs) return []
  return [Math.abs(jumpMs - hourMs) <= clockToleranceMs ? 'daylightSaving' : 'clockJump']
}

function judgeRegisters(previous: MeterReading, now: MeterReading): FindingCode[] {
  const problems = (['importWh', 'exportWh'] as const).flatMap((register): FindingCode[] => {
    if ((previous[register] === null) !== (now[register] === null)) return ['registerMissing']
    const difference = energyBetween(previous, now, register)
    return difference !== null && 'problem' in difference ? [difference.problem] : []
  })
  return [...new Set(problems)]
}
