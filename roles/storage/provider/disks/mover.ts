import { setTimeout as wait } from 'node:timers/promises'
import type { Allowance } from '../../../api/allowance.ts'
import type { DiskMove } from '../../../api/disks.ts'
import type { Log } from '../../../api/values.ts'
import { roomBytes } from '../capacity.ts'
import { RefusedError } from '../errors.ts'
import type { PieceStore } from '../piece-store.ts'
import type { RootText } from '../piece-root.ts'
import { createThrottle } from '../../../upkeep/throttle.ts'
import { createMoveMeter, type MoveMeter } from './move-meter.ts'
import { movePiece } from './move-piece.ts'
import { moveBytesPerSecond } from './move-pace.ts'
import { planMove, type MovableDisk } from './plan-moves.ts'
import type { StoreDisk } from './store-disk.ts'

/** Moves pieces off disks that leave or were shrunk, as the allowance says. */
export type Mover = {
  /** Works until `signal` fires. Never rejects. */
  run(signal: AbortSignal): Promise<void>
  /** How the pieces of a disk are on their way; null when none has to leave. */
  status(disk: StoreDisk): DiskMove | null
}

export type MoverParts = {
  readonly store: PieceStore
  readonly log: Log
  allowance(): Allowance
  changed(): void
}

/** How often to look whether a disk has pieces to move. */
const idleMs = 1_000
/** A piece that cannot be moved is passed over; after a full pass the disk is left alone this long. */
const restMs = 10_000

/** Where the pass over a disk's pieces stands. */
type Pass = { after: RootText | null; moved: boolean; restUntilMs: number; readonly meter: MoveMeter }

/** The mover of a store; `run` sets it going. Nothing of it is kept on disk: the allowance and the index say what is left. */
export function createMover(parts: MoverParts): Mover {
  const { store, log } = parts
  const passes = new Map<StoreDisk, Pass>()
  const throttle = createThrottle(() => moveBytesPerSecond(parts.allowance()))
  const isPaused = (): boolean => moveBytesPerSecond(parts.allowance()) === 0

  /** Moves one piece of a disk; false when there is nothing to do there just now. */
  const step = async (disk: StoreDisk, signal: AbortSignal): Promise<boolean> => {
    const plan = planOf(store, disk)
    if (plan.bytesToLeave === 0 && !(disk.allowance().leaving && store.index.usedOn(disk.id()).pieces > 0)) {
      // Only now is the last file gone too, so that the disk may leave.
      if (passes.delete(disk)) parts.changed()
      return false
    }
    const pass = passes.get(disk) ?? { after: null, moved: false, restUntilMs: 0, meter: createMoveMeter(Date.now()) }
    passes.set(disk, pass)
    if (!disk.isReadable() || pass.restUntilMs > Date.now()) return false
    const next = store.index.listOn(disk.id(), pass.after, 1)[0]
    if (next === undefined) {
      pass.restUntilMs = pass.moved ? 0 : Date.now() + restMs
      pass.after = null
      pass.moved = false
      return false
    }
    pass.after = next.root
    const { disks, index } = store
    const among = plan.targets.map((target) => target.disk)
    const movedBytes = await movePiece({ disks, index, read: store.read, throttle, signal }, next.root, disk, among)
    if (movedBytes !== null) {
      pass.moved = true
      pass.meter.note(movedBytes, Date.now())
      parts.changed()
    }
    return true
  }
  return {
    async run(signal) {
      while (!signal.aborted) {
        let worked = false
        for (const disk of isPaused() ? [] : store.disks.all()) {
          worked = (await step(disk, signal).catch((error: unknown) => noteFailure(error, disk, log, signal))) || worked
        }
        if (!worked) await wait(idleMs, undefined, { signal, ref: false }).catch(() => undefined)
      }
    },
    status(disk) {
      const plan = planOf(store, disk)
      const piecesLeft = disk.allowance().leaving ? store.index.usedOn(disk.id()).pieces : 0
      if (plan.bytesToLeave === 0 && piecesLeft === 0 && !passes.has(disk)) return null
      const meter = passes.get(disk)?.meter
      const bytesPerSecond = isPaused() ? null : (meter?.bytesPerSecond(Date.now()) ?? null)
      const movableBytes = plan.bytesToLeave - plan.withoutRoomBytes
      return {
        state: isPaused() ? 'paused' : movableBytes === 0 && plan.withoutRoomBytes > 0 ? 'noRoom' : 'moving',
        piecesLeft,
        bytesLeft: plan.bytesToLeave,
        bytesMoved: meter?.bytesMoved ?? 0,
        bytesPerSecond,
        endsAtMs:
          bytesPerSecond === null || plan.withoutRoomBytes > 0
            ? null
            : Date.now() + (plan.bytesToLeave / bytesPerSecond) * 1000,
        withoutRoomBytes: plan.withoutRoomBytes,
      }
    },
  }
}

function planOf(store: PieceStore, disk: StoreDisk) {
  const facts = (other: StoreDisk): MovableDisk & { readonly disk: StoreDisk } => {
    const { path, limitBytes, leaving, moveTo } = other.allowance()
    const capacity = store.disks.capacity(other)
    const room = other.takesNew() ? roomBytes(capacity) : 0
    return { disk: other, path, limitBytes, leaving, moveTo, usedBytes: capacity.usedBytes, roomBytes: room }
  }
  const all = store.disks.all().map(facts)
  return planMove(all.find((other) => other.disk === disk) ?? facts(disk), all)
}

/** True: the next piece may do better. */
function noteFailure(error: unknown, disk: StoreDisk, log: Log, signal: AbortSignal): boolean {
  if (signal.aborted) return false
  // No room is shown in the status, and the next piece may be smaller; damage was told by the reader.
  if (error instanceof RefusedError) return error.refusal !== 'diskFault'
  log.warn('A piece could not be moved to another disk.', { folder: disk.folder, error: String(error) })
  return false
}
