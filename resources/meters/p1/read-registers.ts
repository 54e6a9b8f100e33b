import type { RefusalCode } from '../refusal.ts'
import { LineReader } from './line-reader.ts'
import { noRegisters, type Registers } from './registers.ts'
import { readableText, readSubMeterLine } from './sub-meters.ts'

const currentValue = 255
const mostTariffs = 30
const longestId = 96

/** Registers, or the code of a refusal with the line that it is about. */
export type RegistersRead = Registers | { readonly code: RefusalCode; readonly where: string }

/** Reads every line of a telegram that is about energy, power, time or identity. Other lines are skipped. */
export function readRegisters(bytes: Buffer, start: number, end: number): RegistersRead {
  const registers = noRegisters()
  const reader = new LineReader(bytes, start, end)
  while (reader.next()) {
    if (reader.f >= 0 && reader.f !== currentValue) continue // a value of an earlier billing period
    const problem = readLine(registers, reader)
    if (problem !== null) return { code: problem, where: codeOf(reader) }
  }
  return registers
}

function readLine(registers: Registers, reader: LineReader): RefusalCode | null {
  const { a, b, c, d } = reader
  if (a === 0 && b > 0 && (c === 24 || c === 96)) {
    readSubMeterLine(registers.subMeters, reader)
    return null
  }
  if (a <= 1 && d === 8 && (c === 1 || c === 2)) return readEnergy(registers, reader)
  if (a <= 1 && d === 7) return readMomentary(registers, reader)
  if (c === 1 && d === 0 && a === 0) return readClock(registers, reader)
  if (c === 0 && d === 9) registers.localClock = true
  if (c === 0 && d === 2 && a === 1 && reader.e === 8) registers.needsChecksum ||= isVersion4(reader)
  if (c === 96 && d === 1 && reader.e === 4 && a === 0) registers.needsChecksum ||= isVersion4(reader)
  else readIdentity(registers, reader)
  return null
}

/** Version 4.0 and later print their number as two digits, Belgian ones as five, and all have a checksum. */
function isVersion4(reader: LineReader): boolean {
  const [tens, ones] = [reader.bytes[reader.valueAt + 1]!, reader.bytes[reader.valueAt + 2]!]
  return tens >= 0x34 && tens <= 0x39 && ones >= 0x30 && ones <= 0x39
}

function readClock(registers: Registers, reader: LineReader): RefusalCode | null {
  const text = reader.text()
  if (text === null) return 'badLine'
  if (registers.timestamp !== null && registers.timestamp !== text) return 'contradiction'
  registers.timestamp = text
  registers.needsChecksum ||= text.endsWith('S') || text.endsWith('W')
  return null
}

/** Registers of a second channel are another meter's, such as a sub-meter of the same house. */
function isOfOtherChannel(registers: Registers, reader: LineReader): boolean {
  if (registers.channel < 0) registers.channel = Math.max(reader.b, 0)
  return reader.b > 0 ? reader.b !== registers.channel : registers.channel !== 0
}

function readEnergy(registers: Registers, reader: LineReader): RefusalCode | null {
  const tariff = reader.e === currentValue ? 0 : reader.e
  if (tariff > mostTariffs || isOfOtherChannel(registers, reader)) return null
  const value = reader.quantity('Wh')
  if (!(value >= 0)) return 'badNumber'
  return reader.c === 1 ? addImport(registers, tariff, value) : addExport(registers, tariff, value)
}

function addImport(registers: Registers, tariff: number, value: number): RefusalCode | null {
  const bit = 1 << Math.max(tariff, 0)
  if ((registers.importSeen & bit) !== 0) return tariff <= 0 && registers.importTotal === value ? null : 'contradiction'
  registers.importSeen |= bit
  if (tariff <= 0) registers.importTotal = value
  else registers.importTariffs = plus(registers.importTariffs, value)
  return null
}

function addExport(registers: Registers, tariff: number, value: number): RefusalCode | null {
  const bit = 1 << Math.max(tariff, 0)
  if ((registers.exportSeen & bit) !== 0) return tariff <= 0 && registers.exportTotal === value ? null : 'contradiction'
  registers.exportSeen |= bit
  if (tariff <= 0) registers.exportTotal = value
  else registers.exportTariffs = plus(registers.exportTariffs, value)
  return null
}

/** Power, voltage and frequency. Phases 1 to 3 are 20, 40 and 60 higher than the sum (IEC 62056-61, group C). */
function readMomentary(registers: Registers, reader: LineReader): RefusalCode | null {
  const { c, e } = reader
  if (e > 0 && e !== currentValue) return null
  switch (c) {
    case 1:
    case 2:
    case 16:
      return readPower(registers, reader, 0)
    case 21:
    case 41:
    case 61:
    case 36:
    case 56:
    case 76:
      return readPower(registers, reader, 1)
    case 22:
    case 42:
    case 62:
      return readPower(registers, reader, -1)
    case 32:
    case 52:
    case 72: {
      const millivolts = reader.quantity('V')
      if (millivolts >= 0 && registers.voltages.length < 3) registers.voltages.push(millivolts / 1_000)
      return null
    }
    case 14: {
      const millihertz = reader.quantity('Hz')
      if (millihertz >= 0) registers.frequencyHz = millihertz / 1_000
      return null
    }
    default:
      return null
  }
}

/** Power of the whole connection (`phaseSign` 0), or of a phase, added with its sign. */
function readPower(registers: Registers, reader: LineReader, phaseSign: number): RefusalCode | null {
  if (isOfOtherChannel(registers, reader)) return null
  const value = reader.quantity('W')
  // Power is for the eye and never for money: what cannot be read is left out.
  if (Number.isNaN(value)) return null
  if (phaseSign !== 0) registers.phasePower = plus(registers.phasePower, phaseSign * value)
  else if (reader.c === 1) registers.importPower = value
  else if (reader.c === 2) registers.exportPower = value
  else registers.signedPower = value
  return null
}

function readIdentity(registers: Registers, reader: LineReader): void {
  const rank = identityRank(reader)
  if (rank <= registers.meterIdRank) return
  const text = readableText(reader.text()?.trim() ?? null, longestId)
  if (text === null) return
  registers.meterId = text
  registers.meterIdRank = rank
}

/** Where a meter may tell who it is, the surest last: 0.0.0, Luxembourg's 42.0.0, 96.1.x. */
function identityRank({ a, b, c, d, e }: LineReader): number {
  if (b > 0) return 0
  if (c === 96 && d === 1) return e === 1 ? 5 : e === 0 ? 4 : e === currentValue ? 3 : 0
  if (c === 42 && d === 0 && e === 0 && a === 0) return 2
  return c === 0 && d === 0 && e <= 0 ? 1 : 0
}

function plus(sum: number, value: number): number {
  return Number.isNaN(sum) ? value : sum + value
}

function codeOf({ a, b, c, d, e }: LineReader): string {
  const channel = a < 0 ? '' : `${a}-${Math.max(b, 0)}:`
  return `${channel}${c}.${d}${e < 0 ? '' : `.${e}`}`
}
