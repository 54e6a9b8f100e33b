import { DamagedBlockError } from '../protocol/prove-leaf.ts'
import type { StoreDisk } from './disks/store-disk.ts'
import { RefusedError } from './errors.ts'
import type { StoredPiece } from './piece-index.ts'
import type { RootText } from './piece-root.ts'
import type { PieceStoreParts } from './piece-store.ts'
import { damagedPieces } from './storage-problems.ts'
import { readRange, readVerifiedBlocks } from './read-blocks.ts'

/** Reads pieces; what does not hash to what was stored is marked, reported and never handed on. */
export type PieceReader = {
  /** A range in checked chunks, none before it was checked. Throws RefusedError `unknownPiece` or `diskFault`. */
  read(root: RootText, offsetBytes: number, lengthBytes: number): AsyncGenerator<Uint8Array, void, undefined>
  /** Blocks for a proof or a scrub. Throws as `read` does. */
  readBlocks(root: RootText, firstBlock: number, blockCount: number): Promise<Uint8Array>
  /** Why a piece cannot be read now, naming its disk, for the person whose disk it is; null when it can. */
  whyUnreadable(root: RootText): string | null
}

/** A piece opened where it lies. */
type OpenPiece = {
  readonly piece: StoredPiece
  readonly disk: StoreDisk
  readonly handle: Awaited<ReturnType<StoreDisk['files']['openPiece']>>
}

/** The reading side of a piece store. */
export function createPieceReader(parts: PieceStoreParts): PieceReader {
  return {
    async *read(root, offsetBytes, lengthBytes) {
      if (offsetBytes + lengthBytes > servable(parts, root).piece.lengthBytes) {
        throw new RefusedError('badRequest', 'The range reaches beyond the end of the piece.')
      }
      const opened = await openWhereItLies(parts, root)
      try {
        const chunks = readRange(opened.handle, opened.piece, offsetBytes, lengthBytes)
        while (true) {
          const next = await noted(parts, opened, () => chunks.next())
          if (next.done === true) return
          yield next.value
        }
      } finally {
        await opened.handle.close()
      }
    },
    async readBlocks(root, firstBlock, blockCount) {
      const begun = performance.now()
      const opened = await openWhereItLies(parts, root)
      try {
        const blocks = await noted(parts, opened, () =>
          readVerifiedBlocks(opened.handle, opened.piece, firstBlock, blockCount),
        )
        if (blockCount === 1) opened.disk.noteAnswer(performance.now() - begun)
        return blocks
      } finally {
        await opened.handle.close()
      }
    },
    whyUnreadable: (root) => whyUnreadable(parts, root),
  }
}

function whyUnreadable({ index, disks }: PieceStoreParts, root: RootText): string | null {
  const piece = index.piece(root)
  if (piece === null) return `Piece ${root} is on no disk of this computer.`
  if (piece.damaged) return `Piece ${root} was damaged on its disk.`
  const disk = disks.byId(piece.disk)
  if (disk === null) return `Piece ${root} lies on a disk that is no longer in use.`
  return disk.isReadable() ? null : `Piece ${root} lies on the disk at ${disk.folder}, which is not there.`
}

function servable({ index, disks }: PieceStoreParts, root: RootText): { piece: StoredPiece; disk: StoreDisk } {
  const piece = index.piece(root)
  if (piece === null) throw new RefusedError('unknownPiece', 'This provider does not hold the piece.')
  if (piece.damaged) throw new RefusedError('diskFault', 'The piece was damaged on the disk of this provider.')
  const disk = disks.byId(piece.disk)
  // The peer is not told the path.
  if (disk === null || !disk.isReadable()) throw new RefusedError('diskFault', 'The disk with the piece is away.')
  return { piece, disk }
}

/** Opens a piece; one that moved to another disk between the look and the opening is looked for again. */
async function openWhereItLies(parts: PieceStoreParts, root: RootText): Promise<OpenPiece> {
  const first = servable(parts, root)
  try {
    return { ...first, handle: await first.disk.files.openPiece(root) }
  } catch (error) {
    const now = servable(parts, root)
    if (now.piece.disk === first.piece.disk) throw await noteReadFailure(parts, error, first)
    return noted(parts, now, async () => ({ ...now, handle: await now.disk.files.openPiece(root) }))
  }
}

async function noted<T>(
  parts: PieceStoreParts,
  at: { piece: StoredPiece; disk: StoreDisk },
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw await noteReadFailure(parts, error, at)
  }
}

/** Marks and reports what the error means for the piece or the disk; returns what the reader should throw. */
async function noteReadFailure(
  parts: PieceStoreParts,
  error: unknown,
  { piece, disk }: { piece: StoredPiece; disk: StoreDisk },
): Promise<unknown> {
  const { root } = piece
  if (error instanceof DamagedBlockError) return damaged(parts, piece, error.blockIndex)
  const fault = disk.report(error)
  if (fault === null) return error
  parts.context.log.warn('A piece could not be read.', { root, fault, error: String(error) })
  if (fault !== 'missing') return new RefusedError('diskFault', 'The disk of this provider is not usable now.')
  // Is the disk away, or only this file?
  await disk.check()
  if (disk.isReadable() && parts.index.piece(root)?.disk === piece.disk) return damaged(parts, piece, 0)
  return new RefusedError('diskFault', 'The disk with the piece is away.')
}

function damaged(parts: PieceStoreParts, piece: StoredPiece, blockIndex: number): RefusedError {
  parts.index.markDamaged(piece.root)
  parts.context.emit({ kind: 'pieceDamaged', root: piece.root, blockIndex })
  parts.problems.raise(damagedPieces(parts.index.damagedCount()))
  return new RefusedError('diskFault', 'The piece was damaged on the disk of this provider.')
}
