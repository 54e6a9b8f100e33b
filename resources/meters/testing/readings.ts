import type { MeterReading } from '../reading.ts'

/** A reading with nothing odd about it, received at a time. */
export function readingAt(receivedMs: number, o: Partial<MeterReading> = {}): MeterReading {
  return {
    meterId: 'M1',
    deviceTime: null,
    receiveTime: new Date(receivedMs).toISOString(),
    importWh: 0,
    exportWh: 0,
    powerW: null,
    flags: [],
    source: 'p1',
    subMeters: [],
    voltagesV: [],
    frequencyHz: null,
    wrapsAtWh: null,
    ...o,
  }
}
