/** What the choice looks at in one disk. Bytes, bytes per second. */
export type DiskCandidate = {
  readonly roomBytes: number
  /** Bytes on it already, reserved ones included. */
  readonly usedBytes: number
  readonly writeBytesPerSecond: number | null
}

/** A disk twice as fast counts for a little more; never so much that a full fast disk beats an empty slow one for long. */
const speedWeight = 0.25
/** Speeds are compared with this; unmeasured disks count as exactly that fast. */
const ordinaryBytesPerSecond = 50 * 1024 * 1024

/**
 * The disk that takes a piece: of those with room, the one with the largest free share, weighed by measured speed. Null
 * when none has room. The first of equals.
 */
export function chooseDisk<Disk extends DiskCandidate>(disks: readonly Disk[], lengthBytes: number): Disk | null {
  let best: Disk | null = null
  for (const disk of disks) {
    if (disk.roomBytes < lengthBytes) continue
    if (best === null || score(disk) > score(best)) best = disk
  }
  return best
}

function score({ roomBytes, usedBytes, writeBytesPerSecond }: DiskCandidate): number {
  const freeShare = roomBytes / Math.max(1, roomBytes + usedBytes)
  const times = Math.min(16, Math.max(1 / 16, (writeBytesPerSecond ?? ordinaryBytesPerSecond) / ordinaryBytesPerSecond))
  return freeShare * times ** speedWeight
}
