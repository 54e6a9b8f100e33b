import type { FindingCode } from './findings.ts'
import type { MeterSite } from './site.ts'
import { sunElevationDegrees } from './sun-elevation.ts'

/** Energy of one slot, by register. Null where the meter does not tell the register. */
export type SlotFigures = { readonly importWh: number | null; readonly exportWh: number | null }

/** A slot on the clock. */
export type SlotSpan = { readonly startMs: number; readonly endMs: number }

/** Both ends of a difference are rounded down. */
const roundingWh = 2
/** A fuse lets a tenth more through for as long as a slot lasts. */
const overload = 1.1
/** Cold, bright days and clouds' edges give more than the label says. */
const panelOverload = 1.2
/** Below this the sky gives no light that counts (civil twilight ends). */
const nightDegrees = -6
/** Some inverters count a little of what they take themselves. */
const nightShare = 0.01
const spikeFactor = 3
/** A slot below a quarter of the connection is nobody's spike. */
const spikeShare = 0.25
/** A day of history before anything is called more than ever. */
const leastHistory = 96

/** What the energy of a slot says when it is held against the house, the sun and the week before. Pure. */
export function judgeSlot(
  site: MeterSite,
  span: SlotSpan,
  figures: SlotFigures,
  history: readonly SlotFigures[],
): FindingCode[] {
  const hours = (span.endMs - span.startMs) / 3_600_000
  const found: FindingCode[] = []
  const mostWh = site.connectionW * hours * overload + roundingWh
  if (either(figures, (wattHours) => wattHours > mostWh)) found.push('connectionLimit')
  if (isMoreThanPanels(site, hours, figures.exportWh)) found.push('panelLimit')
  if (isSunAtNight(site, span, hours, figures.exportWh)) found.push('night')
  if (isSpike(site, hours, figures, history)) found.push('spike')
  return found
}

/** What panels give leaves through the generation meter, or, without a battery, at most that through the grid's. */
function isMoreThanPanels(site: MeterSite, hours: number, exportWh: number | null): boolean {
  if (exportWh === null || (site.kind === 'grid' && site.hasBattery)) return false
  return exportWh > site.panelPeakW * hours * panelOverload + roundingWh
}

function isSunAtNight(site: MeterSite, { startMs, endMs }: SlotSpan, hours: number, exportWh: number | null): boolean {
  const { place } = site
  if (exportWh === null || place === null || site.hasBattery) return false
  if (exportWh <= site.panelPeakW * hours * nightShare + roundingWh) return false
  // Elevation has one top a day: low at both ends and in the middle is low between them.
  return [startMs, (startMs + endMs) / 2, endMs].every((ms) => sunElevationDegrees(ms, place) < nightDegrees)
}

function isSpike(site: MeterSite, hours: number, figures: SlotFigures, history: readonly SlotFigures[]): boolean {
  if (history.length < leastHistory) return false
  return (['importWh', 'exportWh'] as const).some((register) => {
    const wattHours = figures[register]
    if (wattHours === null || wattHours <= site.connectionW * hours * spikeShare) return false
    const most = history.reduce((top, slot) => Math.max(top, slot[register] ?? 0), 0)
    return wattHours > most * spikeFactor + roundingWh
  })
}

function either({ importWh, exportWh }: SlotFigures, fits: (wattHours: number) => boolean): boolean {
  return (importWh !== null && fits(importWh)) || (exportWh !== null && fits(exportWh))
}
