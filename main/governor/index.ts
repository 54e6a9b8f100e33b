export { changeDisks, DiskChangeError, diskLabel, dropEmptyDisks } from './change-disks.ts'
export { decideAllowance, type DiskReading, type PlacedDisk, type Readings } from './decide-allowance.ts'
export { hotCelsius, othersBusyShare, usualGpuShare, type GraphicsReading } from './decide-render.ts'
export { untilResumedMs } from './until-resumed.ts'
export { judgeDisk, type WriteMeasurement } from './judge-disk.ts'
export {
  netProfits,
  ownSurplus,
  powerCostWei,
  splitBySource,
  wattsByRole,
  type MachinePower,
  type MeterPower,
  type NextSlot,
  type PowerTariff,
  type RoleEnergy,
  type RoleProfit,
  type Surplus,
} from './weigh-power.ts'
