import { isoText } from '../iso-time.ts'
import type { MeterReading, MeterSource, ReadingFlag } from '../reading.ts'
import type { Decoded } from '../refusal.ts'
import { refuse } from '../refusal.ts'

/** What a decoder of messages has found; what is left out is not told. */
export type Figures = {
  readonly meterId?: string | null
  readonly deviceTime?: string | null
  readonly importWh?: number | null
  readonly exportWh?: number | null
  readonly powerW?: number | null
  readonly voltagesV?: readonly number[]
  readonly frequencyHz?: number | null
  readonly wrapsAtWh?: number | null
  readonly flags?: readonly ReadingFlag[]
}

/** A reading in the normal form, or the refusal of a message in which no register was found. */
export function buildReading(source: MeterSource, receivedMs: number, figures: Figures): Decoded {
  const { importWh = null, exportWh = null, powerW = null, flags = [] } = figures
  const fault = flags.includes('deviceFault')
  if (importWh === null && exportWh === null && powerW === null && !fault) return refuse('noMeter')
  // A register below zero is none: devices that count back from zero have mixed both directions.
  const impossible = (importWh !== null && importWh < 0) || (exportWh !== null && exportWh < 0)
  const reading: MeterReading = {
    meterId: figures.meterId ?? null,
    deviceTime: figures.deviceTime ?? null,
    receiveTime: isoText(receivedMs),
    importWh: importWh !== null && importWh >= 0 ? importWh : null,
    exportWh: exportWh !== null && exportWh >= 0 ? exportWh : null,
    powerW,
    flags: impossible && !fault ? [...flags, 'deviceFault'] : [...flags],
    source,
    subMeters: [],
    voltagesV: [...(figures.voltagesV ?? [])],
    frequencyHz: figures.frequencyHz ?? null,
    wrapsAtWh: figures.wrapsAtWh ?? null,
  }
  return { kind: 'reading', reading }
}
