export { checkDay } from './check-day.ts'
export { duplicateMeters, type MeterClaim } from './duplicate-meters.ts'
export { energyBetween, type Difference } from './energy-between.ts'
export { estimateSlot, type PastSlot } from './estimate-slot.ts'
export { fails, findingCodeSchema, findingMeanings, type FindingCode } from './findings.ts'
export { judgeReading } from './judge-reading.ts'
export { judgeSlot, type SlotFigures, type SlotSpan } from './judge-slot.ts'
export { meterSiteSchema, type MeterSite } from './site.ts'
export {
  isTradable,
  newSlotMeter,
  slotMeterSchema,
  stepSlotMeter,
  type SlotEnergy,
  type SlotMeter,
  type SlotTiming,
} from './slot-meter.ts'
export { sunElevationDegrees } from './sun-elevation.ts'
