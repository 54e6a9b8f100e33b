import type { Allowance } from '../../api/allowance.ts'
import type { RoleContext } from '../../api/worker.ts'
import type { Undo } from '../../api/values.ts'
import { PieceTreeBuilder } from '../protocol/piece-tree.ts'
import { offeredBytes, roomBytes, type CapacityFacts } from './capacity.ts'
import type { DiskHealth } from './disk-health.ts'
import { RefusedError } from './errors.ts'
import { hasher } from './hasher.ts'
import type { PieceFiles } from './piece-files.ts'
import type { PieceIndex } from './piece-index.ts'
import { createPieceReader, type PieceReader } from './piece-reader.ts'
import { rootText, type RootText } from './piece-root.ts'
import type { Problems } from './problems.ts'

/** A piece as its customer announced it. */
export type AnnouncedPiece = {
  readonly root: RootText
  readonly lengthBytes: number
  readonly customer: string
  readonly keepUntilSeconds: number
}

/** Pieces on disk with their index: what was acknowledged is durable, what is damaged never leaves. */
export type PieceStore = PieceReader & {
  readonly index: PieceIndex
  capacity(): CapacityFacts
  roomBytes(): number
  offeredBytes(): number
  /** Sets room aside for an upload; the undo gives it back. Throws RefusedError `full` or `diskFault`. */
  reserve(lengthBytes: number): Undo
  /** Stores a piece while its bytes come and recomputes its root. Throws RefusedError; nothing remains of a failed one. */
  store(announced: AnnouncedPiece, bytes: AsyncIterable<Uint8Array>): Promise<void>
  /** Removes a piece that nobody holds: entry first, so that a crash between leaves a stray file for the next start. */
  remove(root: RootText, reason: string): Promise<void>
}

export type PieceStoreParts = {
  readonly files: PieceFiles
  readonly index: PieceIndex
  readonly disk: DiskHealth
  readonly problems: Problems
  readonly context: Pick<RoleContext, 'emit' | 'changed' | 'log'>
  allowance(): Allowance
}

/** The store over files and index. */
export function createPieceStore(parts: PieceStoreParts): PieceStore {
  const { files, index, disk, context } = parts
  let reservedBytes = 0
  /** Roots whose file is on its way in or out; two such ways must never cross. */
  const moving = new Set<RootText>()
  const capacity = (): CapacityFacts => ({
    allowance: parts.allowance(),
    usedBytes: index.totals().usedBytes,
    reservedBytes,
    freeBytes: disk.freeBytes(),
  })
  return {
    ...createPieceReader(parts),
    index,
    capacity,
    roomBytes: () => roomBytes(capacity()),
    offeredBytes: () => offeredBytes(capacity()),
    reserve(lengthBytes) {
      if (disk.fault() !== null) throw new RefusedError('diskFault', 'The disk of this provider is not usable now.')
      if (roomBytes(capacity()) < lengthBytes)
        throw new RefusedError('full', 'This provider has no room for the piece.')
      reservedBytes += lengthBytes
      let held = true
      return () => {
        if (held) reservedBytes -= lengthBytes
        held = false
      }
    },
    async store(announced, bytes) {
      if (moving.has(announced.root)) throw new RefusedError('busy', 'This piece is being written or removed just now.')
      moving.add(announced.root)
      try {
        await storePiece(parts, announced, bytes)
      } finally {
        moving.delete(announced.root)
      }
    },
    async remove(root, reason) {
      const piece = index.piece(root)
      if (piece === null || moving.has(root) || !index.forgetUnneeded(root)) return
      moving.add(root)
      try {
        await files.remove(root)
      } finally {
        moving.delete(root)
      }
      context.emit({ kind: 'pieceRemoved', root, lengthBytes: piece.lengthBytes, reason })
      context.changed()
    },
  }
}

async function storePiece(
  parts: PieceStoreParts,
  announced: AnnouncedPiece,
  bytes: AsyncIterable<Uint8Array>,
): Promise<void> {
  const { root, lengthBytes, customer } = announced
  let incoming
  try {
    incoming = await parts.files.receive()
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
    parts.index.addPiece(
      { root, lengthBytes, blockLayer: tree.blockLayer },
      customer,
      announced.keepUntilSeconds,
      Date.now(),
    )
  } catch (error) {
    await incoming?.discard()
    const fault = parts.disk.report(error)
    if (fault === null) throw error
    const full = fault === 'full'
    throw new RefusedError(full ? 'full' : 'diskFault', full ? 'The disk ran full.' : 'The disk refuses to write.')
  }
  parts.context.emit({ kind: 'pieceStored', root, lengthBytes, customer })
  parts.context.changed()
}
