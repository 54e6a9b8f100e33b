import { homeDiskName } from '../../../api/disks.ts'

/** What planning a move looks at in one disk. Bytes. */
export type MovableDisk = {
  readonly path: string | null
  readonly usedBytes: number
  /** Bytes that pieces may occupy, null without a limit. */
  readonly limitBytes: number | null
  readonly leaving: boolean
  readonly moveTo: string | null
  /** Room for pieces of others; 0 when it takes nothing. */
  readonly roomBytes: number
}

/** What has to leave a disk, and where it may go. */
export type MovePlan<Disk> = {
  readonly bytesToLeave: number
  readonly targets: readonly Disk[]
  /** Bytes that fit on none of the targets. */
  readonly withoutRoomBytes: number
}

/**
 * What has to leave `disk`: everything when it is leaving, what is over the limit when it was shrunk, else nothing. The
 * targets are the disk that the person named, or all others that take something.
 */
export function planMove<Disk extends MovableDisk>(disk: Disk, disks: readonly Disk[]): MovePlan<Disk> {
  const overLimit = disk.limitBytes === null ? 0 : Math.max(0, disk.usedBytes - disk.limitBytes)
  const bytesToLeave = disk.leaving ? disk.usedBytes : overLimit
  const targets = disks.filter(
    (other) =>
      other !== disk &&
      !other.leaving &&
      (!disk.leaving || disk.moveTo === null || (other.path ?? homeDiskName) === disk.moveTo),
  )
  const room = targets.reduce((sum, other) => sum + other.roomBytes, 0)
  return { bytesToLeave, targets, withoutRoomBytes: Math.max(0, bytesToLeave - room) }
}
