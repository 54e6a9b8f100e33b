import type { DiskStatus, DiskUsage } from '../../../api/disks.ts'
import { roomBytes } from '../capacity.ts'
import type { PieceStore } from '../piece-store.ts'
import { scrubStatus } from '../scrub.ts'
import type { Mover } from './mover.ts'
import type { StoreDisk } from './store-disk.ts'

/** What is shown of every disk; cheap enough for every heartbeat. */
export function diskStatuses(
  store: PieceStore,
  mover: Mover,
  usageOf: (disk: StoreDisk) => DiskUsage | null,
): DiskStatus[] {
  return store.disks.all().map((disk) => {
    const { path, limitBytes, leaving } = disk.allowance()
    const capacity = store.disks.capacity(disk)
    const { latencyMs, writeBytesPerSecond } = disk.speed()
    return {
      path,
      folder: disk.folder,
      state: disk.state(),
      pieces: store.index.usedOn(disk.id()).pieces,
      customers: store.index.setsOn(disk.id()),
      usedBytes: capacity.usedBytes,
      reservedBytes: capacity.reservedBytes,
      freeBytes: capacity.freeBytes,
      limitBytes,
      roomBytes: disk.takesNew() ? roomBytes(capacity) : 0,
      leaving,
      usage: usageOf(disk),
      writeBytesPerSecond,
      latencyMs,
      move: mover.status(disk),
      scrub: scrubStatus(store, disk, Date.now()),
    }
  })
}
