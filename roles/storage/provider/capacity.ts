/** What decides whether another piece fits on a disk. Bytes. */
export type CapacityFacts = {
  /** Bytes that pieces may occupy there, null without a limit. */
  readonly limitBytes: number | null
  /** Free bytes that must remain. */
  readonly reserveBytes: number
  /** Bytes of pieces on the disk. */
  readonly usedBytes: number
  /** Bytes promised to uploads that run. */
  readonly reservedBytes: number
  /** The same with those of other folders on the same file system, which take from the same free space. */
  readonly reservedOnDeviceBytes: number
  /** Free bytes of the file system, null when it cannot be asked. */
  readonly freeBytes: number | null
}

/** Bytes that may still be taken: what both the limit and the reserve of free space leave. Never negative. */
export function roomBytes(facts: CapacityFacts): number {
  if (facts.freeBytes === null) return 0
  const byReserve = facts.freeBytes - facts.reservedOnDeviceBytes - facts.reserveBytes
  const byLimit = facts.limitBytes === null ? byReserve : facts.limitBytes - facts.usedBytes - facts.reservedBytes
  return Math.max(0, Math.floor(Math.min(byReserve, byLimit)))
}

/** Room of several disks together: folders on one file system share its free space. `device` tells file systems apart. */
export function roomTogetherBytes(disks: readonly (CapacityFacts & { readonly device: number | null })[]): number {
  const byDevice = new Map<number | null, { roomBytes: number; freeBytes: number }>()
  for (const disk of disks) {
    const before = byDevice.get(disk.device) ?? { roomBytes: 0, freeBytes: Infinity }
    const freeBytes = (disk.freeBytes ?? 0) - disk.reservedOnDeviceBytes - disk.reserveBytes
    byDevice.set(disk.device, {
      roomBytes: before.roomBytes + roomBytes(disk),
      freeBytes: Math.max(0, Math.min(before.freeBytes, freeBytes)),
    })
  }
  return [...byDevice.values()].reduce((sum, device) => sum + Math.min(device.roomBytes, device.freeBytes), 0)
}
