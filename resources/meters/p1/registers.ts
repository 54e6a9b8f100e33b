import type { SubMeterDraft } from './sub-meters.ts'

/** Registers of one telegram as found, before anything is chosen or summed. Not-a-number means: not told. */
export type Registers = {
  /** Channel of the first electricity register; registers of another are another meter's. */
  channel: number
  /** Energy in units of 0.1 mWh: register total and sum of tariffs. */
  importTotal: number
  importTariffs: number
  exportTotal: number
  exportTariffs: number
  /** Bits of tariffs seen, to notice one told twice. */
  importSeen: number
  exportSeen: number
  /** Power in mW. `signed` is 16.7.0, positive for import. */
  importPower: number
  exportPower: number
  signedPower: number
  /** Sum of the phases that are told, import less export. */
  phasePower: number
  voltages: number[]
  frequencyHz: number
  /** Text of 0-0:1.0.0. */
  timestamp: string | null
  /** A time of day or date was told in a form that has no zone (0.9.1, 0.9.2). */
  localClock: boolean
  meterId: string | null
  /** How good the identity is: the serial number of 96.1 before the number that its owner gave (0.0.0). */
  meterIdRank: number
  /** The telegram says of itself that it is of a version that has a checksum. */
  needsChecksum: boolean
  readonly subMeters: SubMeterDraft[]
}

export function noRegisters(): Registers {
  return {
    channel: -1,
    importTotal: NaN,
    importTariffs: NaN,
    exportTotal: NaN,
    exportTariffs: NaN,
    importSeen: 0,
    exportSeen: 0,
    importPower: NaN,
    exportPower: NaN,
    signedPower: NaN,
    phasePower: NaN,
    voltages: [],
    frequencyHz: NaN,
    timestamp: null,
    localClock: false,
    meterId: null,
    meterIdRank: 0,
    needsChecksum: false,
    subMeters: [],
  }
}
