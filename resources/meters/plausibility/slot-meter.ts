import { z } from 'zod'
import { meterReadingSchema, type MeterReading } from '../reading.ts'
import { energyBetween } from './energy-between.ts'
import { estimateSlot, type PastSlot } from './estimate-slot.ts'
import { fails, findingCodeSchema, type FindingCode } from './findings.ts'
import { judgeReading } from './judge-reading.ts'
import { judgeSlot, type SlotFigures, type SlotSpan } from './judge-slot.ts'
import type { MeterSite } from './site.ts'

/** Lengths that the market sets. */
export type SlotTiming = { readonly slotMs: number; readonly slotsPerDay: number }

/** Energy of a finished slot. */
export type SlotEnergy = SlotFigures & {
  /** Number of the slot: whole slots since 1970. */
  readonly slot: number
  /** `measured`: differences of registers. `estimated`: not traded; `raw` is what the registers said, where they said anything. */
  readonly quality: 'measured' | 'estimated'
  readonly raw: SlotFigures
  readonly findings: readonly FindingCode[]
}

/** Only what was measured and in which nothing failed may be traded. */
export function isTradable(energy: SlotEnergy): boolean {
  return energy.quality === 'measured'
}

const figuresSchema = z.strictObject({
  importWh: z.int().nonnegative().nullable(),
  exportWh: z.int().nonnegative().nullable(),
})

/** What a meter's slots are made from, reading by reading. Plain data: may be kept and taken up again. */
export const slotMeterSchema = z.strictObject({
  /** The last reading that had registers. */
  previous: meterReadingSchema.nullable(),
  /** What the registers had counted from `previous`'s slot border to `previous`; null in a slot whose beginning was missed. */
  sinceBorder: figuresSchema.nullable(),
  /** What was found in the slot that is under way. */
  findings: z.array(findingCodeSchema).readonly(),
  /** Slots that counted, a week at most. */
  past: z.array(figuresSchema.extend({ slot: z.int() })).readonly(),
})
export type SlotMeter = Readonly<z.infer<typeof slotMeterSchema>>

export const newSlotMeter: SlotMeter = { previous: null, sinceBorder: null, findings: [], past: [] }

const daysKept = 7
/** A meter that is silent longer than a slot's half leaves its border in the dark. */
const gapShare = 0.5
/** The slots of practice are so short that a P1 meter of version 4, which speaks every ten seconds, would never be whole. */
const leastGapMs = 12_000

/**
 * Takes one reading and returns the slots that it finishes, oldest first. Registers at a border are interpolated between the readings
 * around it, so that energy is never counted twice or lost. Time is the time of receipt: one clock for all meters of a home.
 */
export function stepSlotMeter(
  meter: SlotMeter,
  reading: MeterReading,
  o: { readonly site: MeterSite; readonly timing: SlotTiming },
): { readonly meter: SlotMeter; readonly finished: readonly SlotEnergy[] } {
  if (reading.flags.includes('stale')) return { meter: noted(meter, ['stale']), finished: [] }
  const found = judgeReading(o.site, meter.previous, reading)
  if (reading.importWh === null && reading.exportWh === null) return { meter: noted(meter, found), finished: [] }
  const span = {
    fromMs: Date.parse(meter.previous?.receiveTime ?? reading.receiveTime),
    toMs: Date.parse(reading.receiveTime),
  }
  if (meter.previous === null || isOtherTime(span, o.timing))
    return { meter: begin(meter, reading, found, o.timing), finished: [] }
  // A clock that was set back a little: what arrives until it is where it was belongs to slots that are finished.
  if (span.toMs < span.fromMs) return { meter: noted(meter, found), finished: [] }
  return advance(meter, meter.previous, reading, { ...o, ...span, found })
}

/** So many days that no slot of before can be made from what comes now: the clock was set, or nobody was here for a month. */
const [mostDaysBack, mostDaysAhead] = [1, 31]

function isOtherTime({ fromMs, toMs }: { fromMs: number; toMs: number }, { slotMs, slotsPerDay }: SlotTiming): boolean {
  const days = (toMs - fromMs) / (slotMs * slotsPerDay)
  return days < -mostDaysBack || days > mostDaysAhead
}

/** Begins in the middle of a slot, whose first part was missed, or right at a border. */
function begin(
  meter: SlotMeter,
  reading: MeterReading,
  found: readonly FindingCode[],
  { slotMs }: SlotTiming,
): SlotMeter {
  const atBorder = Date.parse(reading.receiveTime) % slotMs === 0
  const sinceBorder = atBorder ? zero({ importWh: reading.importWh, exportWh: reading.exportWh }) : null
  return { ...noted({ ...meter, findings: [] }, found), previous: reading, sinceBorder }
}

type Step = {
  readonly site: MeterSite
  readonly timing: SlotTiming
  readonly fromMs: number
  readonly toMs: number
  readonly found: readonly FindingCode[]
}

function advance(meter: SlotMeter, previous: MeterReading, reading: MeterReading, step: Step) {
  const { slotMs } = step.timing
  const [first, last] = [Math.floor(step.fromMs / slotMs), Math.floor(step.toMs / slotMs)]
  const total = { importWh: counted(previous, reading, 'importWh'), exportWh: counted(previous, reading, 'exportWh') }
  const share = (atMs: number) => partOf(total, atMs - step.fromMs, step.toMs - step.fromMs)
  if (last === first) {
    const sinceBorder = meter.sinceBorder === null ? null : plus(meter.sinceBorder, total)
    return { meter: { ...noted(meter, step.found), previous: reading, sinceBorder }, finished: [] }
  }
  const gap: readonly FindingCode[] = step.toMs - step.fromMs > Math.max(slotMs * gapShare, leastGapMs) ? ['gap'] : []
  const finished: SlotEnergy[] = []
  let past = meter.past
  let atBorder: SlotFigures = zero(total)
  for (let slot = first; slot < last; slot++) {
    const atEnd = share((slot + 1) * slotMs)
    const between = minus(atEnd, atBorder)
    const whole = slot === first ? meter.sinceBorder : zero(total)
    const findings = unique([...(slot === first ? meter.findings : []), ...step.found, ...gap])
    const energy = finish(slot, whole === null ? null : plus(whole, between), findings, { ...step, past })
    finished.push(energy)
    past = remember(past, energy, step.timing)
    atBorder = atEnd
  }
  const rest = { sinceBorder: minus(total, atBorder), findings: unique([...step.found, ...gap]) }
  return { meter: { previous: reading, past, ...rest }, finished }
}

function finish(
  slot: number,
  raw: SlotFigures | null,
  findings: readonly FindingCode[],
  { site, timing, past }: Step & { readonly past: readonly PastSlot[] },
): SlotEnergy {
  const span: SlotSpan = { startMs: slot * timing.slotMs, endMs: (slot + 1) * timing.slotMs }
  if (raw === null)
    return estimated(slot, nothing, unique([...findings, 'gap']), estimateSlot(slot, timing.slotsPerDay, past))
  const absent = believed(findings) ? judgeAbsence(slot, raw, past, timing) : []
  const all = unique([...findings, ...absent, ...judgeSlot(site, span, raw, past)])
  if (!fails(all)) return { slot, ...raw, quality: 'measured', raw, findings: all }
  return estimated(slot, raw, all, believed(all) ? raw : estimateSlot(slot, timing.slotsPerDay, past))
}

/** In a mere gap the registers are good, only where in it the energy flowed is not known. */
function believed(findings: readonly FindingCode[]): boolean {
  return findings.every((code) => code === 'gap' || !fails([code]))
}

/** A register that was told within the day before and not in this slot; one that is never told is none of this meter's. */
function judgeAbsence(
  slot: number,
  raw: SlotFigures,
  past: readonly PastSlot[],
  { slotsPerDay }: SlotTiming,
): FindingCode[] {
  const day = past.filter((one) => one.slot >= slot - slotsPerDay)
  const isAbsent = (['importWh', 'exportWh'] as const).some(
    (register) => raw[register] === null && day.some((one) => one[register] !== null),
  )
  return isAbsent ? ['registerMissing'] : []
}

function estimated(slot: number, raw: SlotFigures, findings: readonly FindingCode[], figures: SlotFigures): SlotEnergy {
  return { slot, importWh: figures.importWh ?? 0, exportWh: figures.exportWh ?? 0, quality: 'estimated', raw, findings }
}

const nothing: SlotFigures = { importWh: null, exportWh: null }

function remember(past: readonly PastSlot[], energy: SlotEnergy, { slotsPerDay }: SlotTiming): readonly PastSlot[] {
  if (energy.quality !== 'measured') return past
  const { slot, importWh, exportWh } = energy
  return [...past.slice(-(daysKept * slotsPerDay - 1)), { slot, importWh, exportWh }]
}

function noted(meter: SlotMeter, findings: readonly FindingCode[]): SlotMeter {
  return findings.length === 0 ? meter : { ...meter, findings: unique([...meter.findings, ...findings]) }
}

function unique(findings: readonly FindingCode[]): FindingCode[] {
  return [...new Set(findings)]
}

/** Null where a register is not told, or went back: then the slot fails and nothing of it is believed, unless the meter never tells it. */
function counted(before: MeterReading, after: MeterReading, register: 'importWh' | 'exportWh'): number | null {
  const difference = energyBetween(before, after, register)
  return difference !== null && 'wattHours' in difference ? difference.wattHours : null
}

function each(figures: SlotFigures, change: (wattHours: number, register: 'importWh' | 'exportWh') => number | null) {
  const of = (register: 'importWh' | 'exportWh') =>
    figures[register] === null ? null : change(figures[register], register)
  return { importWh: of('importWh'), exportWh: of('exportWh') }
}

/** In bigint: the product of energy and time is beyond what a float holds, and 450 * (23 / 45) is not 230. */
const partOf = (figures: SlotFigures, elapsedMs: number, allMs: number) =>
  each(figures, (wattHours) => Number((BigInt(wattHours) * BigInt(elapsedMs)) / BigInt(allMs)))
const zero = (figures: SlotFigures) => each(figures, () => 0)
const plus = (left: SlotFigures, right: SlotFigures) =>
  each(left, (wattHours, register) => (right[register] === null ? null : wattHours + right[register]))
const minus = (left: SlotFigures, right: SlotFigures) =>
  each(left, (wattHours, register) => (right[register] === null ? null : wattHours - right[register]))
