export { decideAllowance, untilResumedMs, type DiskReading, type Readings } from './decide-allowance.ts'
export { judgeDisk, type WriteMeasurement } from './judge-disk.ts'
