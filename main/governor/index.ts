export { changeDisks, DiskChangeError, diskLabel, dropEmptyDisks } from './change-disks.ts'
export {
  decideAllowance,
  untilResumedMs,
  type DiskReading,
  type PlacedDisk,
  type Readings,
} from './decide-allowance.ts'
export { judgeDisk, type WriteMeasurement } from './judge-disk.ts'
