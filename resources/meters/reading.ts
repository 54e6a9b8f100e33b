import { z } from 'zod'

/**
 * What is odd about a reading.
 * - `localTime`: the device told a time without a zone; `deviceTime` is null, since an hour of doubt may lie in another slot.
 * - `clockNotSet`: the device told a time that no calendar has (meters send such text until their clock is set).
 * - `deviceFault`: the device says of itself that its figures are not valid; they are null.
 * - `stale`: a broker had kept this message; nobody knows how old it is.
 */
export const readingFlagSchema = z.enum(['localTime', 'clockNotSet', 'deviceFault', 'stale'])
export type ReadingFlag = z.infer<typeof readingFlagSchema>

/** Kinds of input that the decoders know. */
export const meterSourceSchema = z.enum(['p1', 'tasmota', 'shelly', 'zigbee2mqtt', 'sunspec'])
export type MeterSource = z.infer<typeof meterSourceSchema>

const instant = z.iso.datetime({ precision: 3 })
const wattHours = z.int().nonnegative()

/** A meter of gas, water or heat that tells its figures through the electricity meter (M-Bus), as that one passed them on. */
export const subMeterSchema = z.strictObject({
  /** Number of the M-Bus channel, from 1. */
  channel: z.int().positive(),
  /** M-Bus device type: 3 gas, 4 heat, 7 water (EN 13757-3); null where it is not told. */
  deviceType: z.int().nonnegative().nullable(),
  meterId: z.string().nullable(),
  /** When the sub-meter was read. Null where that is not told, or told without a zone. */
  time: instant.nullable(),
  /** The register as decimal text without leading zeros: a float would lose digits. */
  value: z.string().regex(/^\d+(\.\d+)?$/),
  unit: z.string(),
})
export type SubMeter = z.infer<typeof subMeterSchema>

/** One reading of a meter in the form that every driver gives. What the device does not tell is null. */
export const meterReadingSchema = z.strictObject({
  /** The meter's own identity, letter for letter as it tells it (P1 meters print hexadecimal text). */
  meterId: z.string().nullable(),
  /** When the device says it measured; UTC. */
  deviceTime: instant.nullable(),
  /** When this computer received it; UTC. */
  receiveTime: instant,
  /** Energy taken from the grid since the register began: whole Wh, rounded down, all tariffs. */
  importWh: wattHours.nullable(),
  /** Energy given to the grid, likewise. */
  exportWh: wattHours.nullable(),
  /** Power now in whole watts, rounded toward zero: taken from the grid positive, given to it negative. */
  powerW: z.int().nullable(),
  flags: z.array(readingFlagSchema),
  source: meterSourceSchema,
  subMeters: z.array(subMeterSchema),
  /** Volts of each phase that tells them. */
  voltagesV: z.array(z.number()),
  frequencyHz: z.number().nullable(),
  /** Where the registers begin again at zero, for devices that say how wide they are; null for others. */
  wrapsAtWh: z.int().positive().nullable(),
})
export type MeterReading = z.infer<typeof meterReadingSchema>
