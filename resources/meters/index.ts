export { decodeMeter, decoders, isDecoderName, longestInputBytes, type DecoderName } from './decode.ts'
export { meterReadingSchema, type MeterReading, type MeterSource, type ReadingFlag, type SubMeter } from './reading.ts'
export type { Decoded, Refusal, RefusalCode } from './refusal.ts'
export {
  MeterError,
  type MeterDriver,
  type MeterListener,
  type Trouble,
  type TroubleCode,
} from './live/meter-driver.ts'
export { driverNames, openMeter, shownTarget } from './live/open-meter.ts'
export { scanMeters } from './scan/scan-meters.ts'
export type { FoundMeter } from './scan/found-meter.ts'
