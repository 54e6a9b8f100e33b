import { homeDiskName, type DiskStatus } from '../../roles/api/disks.ts'
import { HearthError } from '../../roles/api/errors.ts'
import type { DiskChange } from '../api/disk-change.ts'
import type { DiskIntent, RoleIntent } from '../api/settings.ts'

/** A change of the disks that would lose pieces or cannot be; the message says what would happen. */
export class DiskChangeError extends HearthError {}

/**
 * The intent with one change of its disks. Pure: `statuses` is what the worker last told, empty when it never ran. A disk
 * goes from the list only when it holds nothing; otherwise it is marked as leaving, which the worker follows and which can
 * be taken back at any time. Throws DiskChangeError.
 */
export function changeDisks(intent: RoleIntent, change: DiskChange, statuses: readonly DiskStatus[]): RoleIntent {
  switch (change.kind) {
    case 'add':
      return addDisk(intent, change.path, change.limitBytes)
    case 'limit':
      return { ...intent, disks: replace(intent, change.path, (disk) => ({ ...disk, limitBytes: change.limitBytes })) }
    case 'move':
      return moveDisk(intent, change.path, change.to, statuses)
    case 'remove':
      return leaveDisk(intent, change.path, null, statuses)
    case 'lose':
      return loseDisk(intent, change.path, statuses)
    case 'keep':
      return { ...intent, disks: replace(intent, change.path, kept) }
    case 'pauseMoves':
      return { ...intent, movesPaused: true }
    case 'resumeMoves':
      return { ...intent, movesPaused: false }
  }
}

/** The intent without the disks that were leaving and are empty now; the same intent when there are none. */
export function dropEmptyDisks(intent: RoleIntent, statuses: readonly DiskStatus[]): RoleIntent {
  const isDone = (disk: DiskIntent): boolean => {
    const status = statuses.find((each) => each.path === disk.path)
    // The worker tells of its other disks and no more of a lost one once it has given up what lay there.
    if (disk.lost === true) return statuses.length > 0 && status === undefined
    if (!disk.leaving || status?.leaving !== true || status.move !== null) return false
    return status.pieces === 0 && status.reservedBytes === 0
  }
  const disks = intent.disks.filter((disk) => !isDone(disk))
  return disks.length === intent.disks.length || disks.length === 0 ? intent : { ...intent, disks }
}

/** How a disk is called in sentences. */
export function diskLabel(path: string | null): string {
  return path ?? "the home's disk"
}

function addDisk(intent: RoleIntent, path: string | null, limitBytes: number | null): RoleIntent {
  if (intent.disks.some((disk) => disk.path === path)) {
    throw new DiskChangeError('DISK_IN_USE', `${capital(diskLabel(path))} is in use already.`, {
      action: 'Change its limit instead.',
    })
  }
  return { ...intent, disks: [...intent.disks, { path, limitBytes, leaving: false, moveTo: null }] }
}

function moveDisk(
  intent: RoleIntent,
  path: string | null,
  to: string | null,
  statuses: readonly DiskStatus[],
): RoleIntent {
  const from = find(intent, path)
  if (path === to) throw new DiskChangeError('DISK_SAME', 'From and to are the same disk.')
  const known = intent.disks.some((disk) => disk.path === to)
  const added = known ? intent : addDisk(intent, to, from.limitBytes)
  const target = find(added, to)
  if (target.leaving) {
    throw new DiskChangeError('DISK_LEAVING', `${capital(diskLabel(to))} is leaving itself.`, {
      action: 'Keep it first, or choose another disk.',
    })
  }
  return leaveDisk(added, path, to ?? homeDiskName, statuses)
}

/** Marks a disk as leaving, or takes it from the list when it holds nothing. */
function leaveDisk(
  intent: RoleIntent,
  path: string | null,
  moveTo: string | null,
  statuses: readonly DiskStatus[],
): RoleIntent {
  find(intent, path)
  const others = intent.disks.filter((disk) => disk.path !== path && !disk.leaving)
  if (others.length === 0) throw onlyDisk(path)
  const status = statuses.find((disk) => disk.path === path)
  if (status !== undefined) assertNothingLost(status, others, moveTo, statuses)
  const disks = intent.disks.map((disk) => (disk.path === path ? { ...disk, leaving: true, moveTo } : disk))
  return { ...intent, disks, movesPaused: false }
}

/** Marks a disk as gone for good. Refused while it can still be read: then its pieces can move. */
function loseDisk(intent: RoleIntent, path: string | null, statuses: readonly DiskStatus[]): RoleIntent {
  find(intent, path)
  const others = intent.disks.filter((disk) => disk.path !== path && !disk.leaving)
  if (others.length === 0) throw onlyDisk(path)
  const { state } = statuses.find((disk) => disk.path === path) ?? { state: 'missing' }
  if (state !== 'missing' && state !== 'wrongDisk' && state !== 'failing') {
    throw new DiskChangeError(
      'DISK_THERE',
      `${capital(diskLabel(path))} is connected, so its pieces need not be lost.`,
      {
        action: 'Remove it instead: its pieces move to the other disks first.',
      },
    )
  }
  const lose = (disk: DiskIntent): DiskIntent => ({ ...disk, leaving: true, moveTo: null, lost: true })
  return { ...intent, disks: replace(intent, path, lose) }
}

function kept({ lost: _lost, ...disk }: DiskIntent): DiskIntent {
  return { ...disk, leaving: false, moveTo: null }
}

function onlyDisk(path: string | null): DiskChangeError {
  return new DiskChangeError('DISK_IS_LAST', `${capital(diskLabel(path))} is the only disk that storage uses.`, {
    action: 'Add another disk first, or switch storage off.',
  })
}

/** Refuses what would lose pieces: a disk that cannot be read, or more than the others have room for. */
function assertNothingLost(
  status: DiskStatus,
  others: readonly DiskIntent[],
  moveTo: string | null,
  statuses: readonly DiskStatus[],
): void {
  if (status.pieces === 0) return
  const held = `${status.pieces} ${status.pieces === 1 ? 'piece' : 'pieces'} (${gigabytes(status.usedBytes)})`
  if (status.state === 'missing' || status.state === 'wrongDisk') {
    throw new DiskChangeError(
      'DISK_AWAY',
      `${capital(diskLabel(status.path))} is not connected. ${held} on it would be lost, each missed proof costs its pay, and from the third on stake.`,
      {
        action:
          'Connect the disk, then remove it again: its pieces move to the other disks first. If it never comes back, say that it is lost.',
      },
    )
  }
  const known = others.flatMap((disk) => statuses.filter((each) => each.path === disk.path))
  const targets = known.filter((disk) => moveTo === null || (disk.path ?? homeDiskName) === moveTo)
  // A disk that was added just now has not told its room; the move itself waits where there is none.
  if (targets.length === 0 || (moveTo === null && known.length < others.length)) return
  const roomBytes = targets.reduce((sum, disk) => sum + disk.roomBytes, 0)
  if (roomBytes >= status.usedBytes) return
  throw new DiskChangeError(
    'DISK_NO_ROOM',
    `${capital(diskLabel(status.path))} holds ${held}, the other disks have room for ${gigabytes(roomBytes)}. The rest would be lost.`,
    { action: 'Add a disk or raise a limit first.' },
  )
}

function find(intent: RoleIntent, path: string | null): DiskIntent {
  const found = intent.disks.find((disk) => disk.path === path)
  if (found !== undefined) return found
  const known = intent.disks.map((disk) => disk.path ?? homeDiskName).join(', ')
  throw new DiskChangeError('DISK_UNKNOWN', `Storage does not use ${diskLabel(path)}.`, {
    action: `It uses: ${known}.`,
  })
}

function replace(intent: RoleIntent, path: string | null, change: (disk: DiskIntent) => DiskIntent): DiskIntent[] {
  find(intent, path)
  return intent.disks.map((disk) => (disk.path === path ? change(disk) : disk))
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(bytes < 1e9 ? 3 : 1)} GB`
}
