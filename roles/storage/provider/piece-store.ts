import type { RoleContext } from '../../api/worker.ts'
import { PieceTreeBuilder } from '../protocol/piece-tree.ts'
import type { DiskSet, Reservation } from './disks/disk-set.ts'
import type { StoreDisk } from './disks/store-disk.ts'
import { RefusedError } from './errors.ts'
import { hasher } from './hasher.ts'
import type { PieceIndex } from './piece-index.ts'
import { createPieceReader, type PieceReader } from './piece-reader.ts'
import { rootText, type RootText } from './piece-root.ts'
import type { Problems } from '../../upkeep/problems.ts'

/** A piece as its customer announced it. */
export type AnnouncedPiece = {
  readonly root: RootText
  readonly lengthBytes: number
  readonly customer: string
  readonly keepUntilSeconds: number
}

/** Pieces on disks with their index: what was acknowledged is durable, what is damaged never leaves. */
export type PieceStore = PieceReader & {
  readonly index: PieceIndex
  readonly disks: DiskSet
  roomBytes(): number
  offeredBytes(): number
  /** Sets room aside on a disk for an upload. Throws RefusedError `full` or `diskFault`. */
  reserve(lengthBytes: number): Reservation
  /**
   * Stores a piece while its bytes come and recomputes its root, on the disk of its reservation, else on the best one.
   * Throws RefusedError; nothing remains of a failed one.
   */
  store(announced: AnnouncedPiece, bytes: AsyncIterable<Uint8Array>, reservation?: Reservation): Promise<void>
  /** Removes a piece that nobody holds: entry first, so that a crash between leaves a stray file for the next start. */
  remove(root: RootText, reason: string): Promise<void>
}

export type PieceStoreParts = {
  readonly index: PieceIndex
  readonly disks: DiskSet
  readonly problems: Problems
  readonly context: Pick<RoleContext, 'emit' | 'changed' | 'log'>
}

/** The store over disks and index. */
export function createPieceStore(parts: PieceStoreParts): PieceStore {
  const { disks, index, context } = parts
  return {
    ...createPieceReader(parts),
    index,
    disks,
    roomBytes: disks.roomBytes,
    offeredBytes: disks.offeredBytes,
    reserve: (lengthBytes) => disks.reserve(lengthBytes),
    async store(announced, bytes, given) {
      const unlock = disks.locks.take(announced.root)
      if (unlock === null) throw new RefusedError('busy', 'This piece is being written, moved or removed just now.')
      let own: Reservation | null = null
      try {
        own = given === undefined ? disks.reserve(announced.lengthBytes) : null
        const reservation = given ?? own
        if (reservation !== null) await storePiece(parts, reservation.disk, announced, bytes)
      } finally {
        own?.release()
        unlock()
      }
    },
    async remove(root, reason) {
      const piece = index.piece(root)
      const unlock = disks.locks.take(root)
      if (unlock === null) return
      try {
        if (piece === null || !index.forgetUnneeded(root)) return
        await disks.byId(piece.disk)?.files.remove(root)
      } finally {
        unlock()
      }
      context.emit({ kind: 'pieceRemoved', root, lengthBytes: piece.lengthBytes, reason })
      context.changed()
    },
  }
}

async function storePiece(
  parts: PieceStoreParts,
  disk: StoreDisk,
  announced: AnnouncedPiece,
  bytes: AsyncIterable<Uint8Array>,
): Promise<void> {
  const { root, lengthBytes, customer } = announced
  const before = parts.index.piece(root)
  let incoming
  try {
    incoming = await disk.files.receive()
    const builder = new PieceTreeBuilder(hasher)
    for await (const chunk of bytes) {
      builder.update(chunk)
      await incoming.write(chunk)
    }
    const tree = builder.digest()
    if (tree.lengthBytes !== lengthBytes || rootText(tree.root) !== root) {
      throw new RefusedError('wrongRoot', 'The bytes do not have the root that was announced.')
    }
    await incoming.keep(root)
    const piece = { root, lengthBytes, blockLayer: tree.blockLayer, disk: assertIdentified(disk) }
    parts.index.addPiece(piece, customer, announced.keepUntilSeconds, Date.now())
  } catch (error) {
    await incoming?.discard()
    const fault = disk.report(error)
    if (fault === null) throw error
    // A folder that vanished in the middle: say so at once.
    if (fault === 'missing') await disk.check()
    const full = fault === 'full'
    throw new RefusedError(full ? 'full' : 'diskFault', full ? 'The disk ran full.' : 'The disk refuses to write.')
  }
  await removeFormerCopy(parts, root, before?.disk, disk)
  parts.context.emit({ kind: 'pieceStored', root, lengthBytes, customer })
  parts.context.changed()
}

/** A damaged piece that was brought anew may have come to another disk; what lies on the old one is of no use. */
async function removeFormerCopy(
  { disks, context }: PieceStoreParts,
  root: RootText,
  former: string | undefined,
  now: StoreDisk,
): Promise<void> {
  const old = former === undefined ? null : disks.byId(former)
  if (old === null || old.id() === now.id()) return
  await old.files
    .remove(root)
    .catch((error: unknown) => context.log.warn('A former copy of a piece stays.', { root, error: String(error) }))
}

function assertIdentified(disk: StoreDisk): string {
  const id = disk.id()
  if (id === null) throw new RefusedError('diskFault', 'The disk of this provider is not usable now.')
  return id
}
