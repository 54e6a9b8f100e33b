import type { Allowance } from '../../../api/allowance.ts'
import type { DiskAllowance } from '../../../api/disks.ts'
import type { Log } from '../../../api/values.ts'
import { roomBytes, roomTogetherBytes, type CapacityFacts } from '../capacity.ts'
import { RefusedError } from '../errors.ts'
import { createPieceFiles, type PieceFiles } from '../piece-files.ts'
import type { PieceIndex } from '../piece-index.ts'
import type { RootText } from '../piece-root.ts'
import type { Problems } from '../../../upkeep/problems.ts'
import { chooseDisk } from './choose-disk.ts'
import { tellDiskProblems } from './disk-problems.ts'
import type { DiskRecords } from './disk-records.ts'
import { createPieceLocks, type PieceLocks } from './piece-locks.ts'
import { recoverDisk, type RecoveryReport } from './recover-disk.ts'
import { leaveFolder } from './leave-folder.ts'
import { createStoreDisk, type StoreDisk } from './store-disk.ts'

/** Room on one disk that is set aside. `release` gives it back; calling it again has no effect. */
export type Reservation = { readonly disk: StoreDisk; release(): void }

/** All disks of a store. */
export type DiskSet = {
  readonly locks: PieceLocks
  /** In the order of the settings. */
  all(): readonly StoreDisk[]
  byId(id: string | null): StoreDisk | null
  /** Opens what the governor added and lets go of what it took away, then looks at every disk. Never rejects. */
  check(): Promise<void>
  capacity(disk: StoreDisk): CapacityFacts
  /** Bytes of new pieces that would be taken now. */
  roomBytes(): number
  /** All that is offered, taken or not. */
  offeredBytes(): number
  /** Free bytes on all file systems; null when none can be asked. */
  freeBytes(): number | null
  /**
   * Sets room aside on the best disk, or on one of `among`. Throws RefusedError `full`, or `diskFault` when no disk can
   * take anything.
   */
  reserve(lengthBytes: number, among?: readonly StoreDisk[]): Reservation
}

export type DiskSetParts = {
  /** The only disk while the governor names none. */
  readonly workDirectory: string
  readonly index: PieceIndex
  readonly records: DiskRecords
  readonly problems: Problems
  readonly log: Log
  allowance(): Allowance
  neededLatencyMs(disk: string): number
  /** Called after a disk was put in order, at the start and when it came back. */
  onRecovered(disk: StoreDisk, report: RecoveryReport): void
  /** Called once with what lay on a disk that never comes back. */
  onLost?(pieces: ReturnType<PieceIndex['loseDisk']>): void
  /** Opens the files in a folder; tests hand in slow ones. */
  openFiles?(folder: string): PieceFiles
}

/** The disks as the allowance lists them; `check` opens them. */
export function createDiskSet(parts: DiskSetParts): DiskSet {
  const { index, problems } = parts
  const open = new Map<string, StoreDisk>()
  const reserved = new Map<string, number>()
  const locks = createPieceLocks()
  const named = (): readonly DiskAllowance[] => parts.allowance().disks ?? [onlyDisk(parts)]
  const listed = (): readonly DiskAllowance[] => named().filter((entry) => entry.lost !== true)
  const all = (): StoreDisk[] => listed().flatMap(({ folder }) => open.get(folder) ?? [])
  const capacity = (disk: StoreDisk): CapacityFacts => ({
    limitBytes: disk.allowance().limitBytes,
    reserveBytes: parts.allowance().diskReserveBytes ?? 0,
    usedBytes: index.usedOn(disk.id()).bytes,
    reservedBytes: reserved.get(disk.folder) ?? 0,
    reservedOnDeviceBytes: all().reduce(
      (sum, other) => sum + (other.device() === disk.device() ? (reserved.get(other.folder) ?? 0) : 0),
      0,
    ),
    freeBytes: disk.freeBytes(),
  })
  const together = (disks: readonly StoreDisk[]): number =>
    roomTogetherBytes(disks.map((disk) => ({ ...capacity(disk), device: disk.device() })))
  const onChange = (): void => tellDiskProblems(problems, all())
  const follow = (): void => {
    for (const { folder } of listed()) {
      if (!open.has(folder)) open.set(folder, openDisk(parts, folder, { listed, locks, onChange }))
    }
    for (const folder of open.keys()) if (!listed().some((entry) => entry.folder === folder)) open.delete(folder)
  }
  return {
    locks,
    all,
    byId: (id) => (id === null ? null : (all().find((disk) => disk.id() === id) ?? null)),
    async check() {
      for (const { folder, lost } of named()) if (lost === true) giveUp(parts, folder)
      follow()
      await Promise.all(all().map((disk) => disk.check()))
      await leaveEmptyFolders(parts, (folder) => listed().some((entry) => entry.folder === folder))
      onChange()
    },
    capacity,
    roomBytes: () => together(all().filter((disk) => disk.takesNew())),
    offeredBytes: () =>
      index.totals().usedBytes +
      [...reserved.values()].reduce((sum, bytes) => sum + bytes, 0) +
      together(all().filter((disk) => disk.takesNew())),
    freeBytes: () => freeTogether(all()),
    reserve(lengthBytes, among) {
      const usable = (among ?? all()).filter((disk) => disk.takesNew())
      if (usable.length === 0) throw new RefusedError('diskFault', 'No disk of this provider can take pieces now.')
      const candidates = usable.map((disk) => {
        const facts = capacity(disk)
        const { writeBytesPerSecond } = disk.speed()
        const usedBytes = facts.usedBytes + facts.reservedBytes
        return { disk, roomBytes: roomBytes(facts), usedBytes, writeBytesPerSecond }
      })
      const chosen = chooseDisk(candidates, lengthBytes)?.disk
      if (chosen === undefined) throw new RefusedError('full', 'This provider has no room for the piece.')
      return reserveOn(reserved, chosen, lengthBytes)
    },
  }
}

function onlyDisk({ workDirectory, allowance }: DiskSetParts): DiskAllowance {
  const limitBytes = allowance().diskLimitBytes
  return { path: null, folder: workDirectory, limitBytes, leaving: false, moveTo: null }
}

function reserveOn(reserved: Map<string, number>, disk: StoreDisk, lengthBytes: number): Reservation {
  const add = (bytes: number): void => void reserved.set(disk.folder, (reserved.get(disk.folder) ?? 0) + bytes)
  add(lengthBytes)
  let held = true
  return {
    disk,
    release() {
      if (held) add(-lengthBytes)
      held = false
    },
  }
}

function openDisk(
  parts: DiskSetParts,
  folder: string,
  set: { listed(): readonly DiskAllowance[]; readonly locks: PieceLocks; onChange(): void },
): StoreDisk {
  const { index, records, log } = parts
  const { listed, locks, onChange } = set
  let last = listed().find((entry) => entry.folder === folder)
  return createStoreDisk({
    folder,
    files: (parts.openFiles ?? createPieceFiles)(folder),
    records,
    allowance() {
      last = listed().find((entry) => entry.folder === folder) ?? last
      return last ?? { path: null, folder, limitBytes: 0, leaving: true, moveTo: null }
    },
    isListed: (other) => listed().some((entry) => entry.folder === other),
    neededLatencyMs: parts.neededLatencyMs,
    onChange,
    async recover(disk) {
      const busy = (root: RootText): boolean => locks.has(root)
      parts.onRecovered(disk, await recoverDisk({ disk, index, log, busy }))
    },
  })
}

/** Forgets a disk that never comes back, with all that lay on it; nothing happens when that was done before. */
function giveUp({ index, records, log, onLost }: DiskSetParts, folder: string): void {
  const disk = records.diskAt(folder)
  if (disk === null) return
  const lost = index.loseDisk(disk)
  records.forget(disk)
  log.warn('A disk is lost for good.', { folder, pieces: lost.length })
  if (lost.length > 0) onLost?.(lost)
}

/** A disk that is no longer listed and holds nothing is left as it was found. */
async function leaveEmptyFolders(parts: DiskSetParts, isListed: (folder: string) => boolean): Promise<void> {
  for (const { disk, folder } of parts.records.all()) {
    if (folder === null || isListed(folder) || !parts.records.forget(disk)) continue
    await leaveFolder(folder, disk).catch((error: unknown) =>
      parts.log.warn('The folder of a disk that left could not be tidied.', { folder, error: String(error) }),
    )
  }
}

function freeTogether(disks: readonly StoreDisk[]): number | null {
  const byDevice = new Map<number | null, number>()
  for (const disk of disks) {
    const free = disk.freeBytes()
    if (free !== null) byDevice.set(disk.device(), free)
  }
  return byDevice.size === 0 ? null : [...byDevice.values()].reduce((sum, free) => sum + free, 0)
}
