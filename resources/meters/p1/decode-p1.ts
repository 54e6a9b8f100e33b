import { isoText } from '../iso-time.ts'
import type { MeterReading, ReadingFlag } from '../reading.ts'
import { refuse, type Decoded } from '../refusal.ts'
import { checkTelegram } from './check-telegram.ts'
import { findTelegram } from './find-telegram.ts'
import { readRegisters } from './read-registers.ts'
import type { Registers } from './registers.ts'
import { finishSubMeters } from './sub-meters.ts'
import { centralEuropeanMinutes, irishMinutes, readTimestamp } from './timestamp.ts'

const unitsPerWattHour = 10_000
const unitsPerWatt = 1_000
/** How Irish meters name themselves in the first line (Iskraemeco MIE5). */
const irishName = 'MIE5'
const longestName = 32

function isIrish(bytes: Buffer, start: number): boolean {
  return bytes.toString('latin1', start, start + longestName).includes(irishName)
}

/**
 * Decodes the first telegram in `input`: P1 (DSMR 2.2 to 5 and its Belgian, Luxembourg, Hungarian, Austrian, Swiss and Irish
 * relatives) or D0 (IEC 62056-21 readout). A telegram of a version that has a checksum is taken only with the right one.
 */
export function decodeP1(input: Uint8Array, receivedMs: number): Decoded {
  const bytes = Buffer.from(input.buffer, input.byteOffset, input.byteLength)
  const span = findTelegram(bytes)
  if (span === 'none') return refuse(strangerCode(bytes))
  if (span === 'half') return refuse('halfTelegram')
  const checked = checkTelegram(bytes, span)
  if (checked === 'checksumWrong' || checked === 'lineEndsChanged') return refuse(checked)
  const registers = readRegisters(bytes, span.start, span.end)
  if ('code' in registers) return refuse(registers.code, registers.where)
  if (registers.needsChecksum && checked === 'none') return refuse('checksumMissing')
  const standardMinutes = isIrish(bytes, span.start) ? irishMinutes : centralEuropeanMinutes
  const reading = toReading(registers, receivedMs, standardMinutes)
  return isOfNoMeter(reading) ? refuse('noMeter') : { kind: 'reading', reading }
}

function strangerCode(bytes: Uint8Array) {
  if (bytes.length === 0) return 'empty'
  if (bytes[0] === 0xdb && bytes[1] === 0x08) return 'encrypted'
  const sml = [0x1b, 0x1b, 0x1b, 0x1b, 0x01, 0x01, 0x01, 0x01]
  return sml.every((byte, index) => bytes[index] === byte) ? 'sml' : 'notATelegram'
}

function toReading(registers: Registers, receivedMs: number, standardMinutes: number): MeterReading {
  const flags: ReadingFlag[] = []
  return {
    meterId: registers.meterId,
    deviceTime: deviceTime(registers, standardMinutes, flags),
    receiveTime: isoText(receivedMs),
    importWh: wattHours(registers.importTotal, registers.importTariffs),
    exportWh: wattHours(registers.exportTotal, registers.exportTariffs),
    powerW: watts(registers),
    flags,
    source: 'p1',
    subMeters: finishSubMeters(registers.subMeters, standardMinutes),
    voltagesV: registers.voltages,
    frequencyHz: Number.isNaN(registers.frequencyHz) ? null : registers.frequencyHz,
    wrapsAtWh: null,
  }
}

function deviceTime(registers: Registers, standardMinutes: number, flags: ReadingFlag[]): string | null {
  if (registers.timestamp === null) {
    if (registers.localClock) flags.push('localTime')
    return null
  }
  const timestamp = readTimestamp(registers.timestamp, standardMinutes)
  switch (timestamp.kind) {
    case 'instant':
      return isoText(timestamp.epochMs)
    case 'local':
      flags.push('localTime')
      return null
    case 'impossible':
      flags.push('clockNotSet')
      return null
  }
}

/** The total register where there is one, else the sum of the tariffs: summed exactly, then rounded down. */
function wattHours(total: number, tariffs: number): number | null {
  const units = Number.isNaN(total) ? tariffs : total
  return Number.isNaN(units) ? null : Math.floor(units / unitsPerWattHour)
}

function watts({ importPower, exportPower, signedPower, phasePower }: Registers): number | null {
  const both = (Number.isNaN(importPower) ? 0 : importPower) - (Number.isNaN(exportPower) ? 0 : exportPower)
  const told = !Number.isNaN(importPower) || !Number.isNaN(exportPower)
  const milliwatts = told ? both : Number.isNaN(signedPower) ? phasePower : signedPower
  // Adding zero keeps a small export from becoming minus zero.
  return Number.isNaN(milliwatts) ? null : Math.trunc(milliwatts / unitsPerWatt) + 0
}

function isOfNoMeter({ meterId, importWh, exportWh, powerW, subMeters }: MeterReading): boolean {
  return meterId === null && importWh === null && exportWh === null && powerW === null && subMeters.length === 0
}
