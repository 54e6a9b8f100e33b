import { DamagedBlockError } from '../protocol/prove-leaf.ts'
import { RefusedError } from './errors.ts'
import type { PieceIndex, StoredPiece } from './piece-index.ts'
import type { RootText } from './piece-root.ts'
import type { PieceStoreParts } from './piece-store.ts'
import { damagedPieces } from './problems.ts'
import { readRange, readVerifiedBlocks } from './read-blocks.ts'

/** Reads pieces; what does not hash to what was stored is marked, reported and never handed on. */
export type PieceReader = {
  /** A range in checked chunks, none before it was checked. Throws RefusedError `unknownPiece` or `diskFault`. */
  read(root: RootText, offsetBytes: number, lengthBytes: number): AsyncGenerator<Uint8Array, void, undefined>
  /** Blocks for a proof or a scrub. Throws as `read` does. */
  readBlocks(root: RootText, firstBlock: number, blockCount: number): Promise<Uint8Array>
}

/** The reading side of a piece store. */
export function createPieceReader(parts: PieceStoreParts): PieceReader {
  const { files, index } = parts
  const noted = async <T>(root: RootText, work: () => Promise<T>): Promise<T> => {
    try {
      return await work()
    } catch (error) {
      throw noteReadFailure(error, root, parts)
    }
  }
  return {
    async *read(root, offsetBytes, lengthBytes) {
      const piece = servable(index, root)
      if (offsetBytes + lengthBytes > piece.lengthBytes) {
        throw new RefusedError('badRequest', 'The range reaches beyond the end of the piece.')
      }
      const handle = await noted(root, () => files.openPiece(root))
      try {
        const chunks = readRange(handle, piece, offsetBytes, lengthBytes)
        while (true) {
          const next = await noted(root, () => chunks.next())
          if (next.done === true) return
          yield next.value
        }
      } finally {
        await handle.close()
      }
    },
    async readBlocks(root, firstBlock, blockCount) {
      const piece = servable(index, root)
      const handle = await noted(root, () => files.openPiece(root))
      try {
        return await noted(root, () => readVerifiedBlocks(handle, piece, firstBlock, blockCount))
      } finally {
        await handle.close()
      }
    },
  }
}

function servable(index: PieceIndex, root: RootText): StoredPiece {
  const piece = index.piece(root)
  if (piece === null) throw new RefusedError('unknownPiece', 'This provider does not hold the piece.')
  if (piece.damaged) throw new RefusedError('diskFault', 'The piece was damaged on the disk of this provider.')
  return piece
}

/** Marks and reports what the error means for the piece or the disk; returns what the reader should throw. */
function noteReadFailure(error: unknown, root: RootText, parts: PieceStoreParts): unknown {
  if (error instanceof DamagedBlockError) {
    parts.index.markDamaged(root)
    parts.context.emit({ kind: 'pieceDamaged', root, blockIndex: error.blockIndex })
    parts.problems.raise(damagedPieces(parts.index.damagedCount()))
    return new RefusedError('diskFault', 'The piece was damaged on the disk of this provider.')
  }
  const fault = parts.disk.report(error)
  if (fault === null) return error
  parts.context.log.warn('A piece could not be read.', { root, fault, error: String(error) })
  return new RefusedError('diskFault', 'The disk of this provider is not usable now.')
}
