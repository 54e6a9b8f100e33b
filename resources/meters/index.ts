export { decodeMeter, decoders, isDecoderName, longestInputBytes, type DecoderName } from './decode.ts'
export { meterReadingSchema, type MeterReading, type MeterSource, type ReadingFlag, type SubMeter } from './reading.ts'
export type { Decoded, Refusal, RefusalCode } from './refusal.ts'
