import type { FileHandle } from 'node:fs/promises'
import { DamagedBlockError, verifyBlock } from '../protocol/prove-leaf.ts'
import { blockBytes } from '../protocol/tree-shape.ts'
import { hasher } from './hasher.ts'
import type { StoredPiece } from './piece-index.ts'

/** Blocks read from disk at once when a range is served: large enough to keep a disk busy, small enough for memory. */
const blocksPerRead = 32

/**
 * Reads whole blocks and checks each against the layer before it is handed on (QUALITY R4).
 * Throws DamagedBlockError; bytes of a damaged block never leave this function.
 */
export async function readVerifiedBlocks(
  handle: FileHandle,
  piece: StoredPiece,
  firstBlock: number,
  blockCount: number,
): Promise<Uint8Array> {
  const start = firstBlock * blockBytes
  const length = Math.min(blockCount * blockBytes, piece.lengthBytes - start)
  const buffer = Buffer.allocUnsafeSlow(length)
  let filled = 0
  while (filled < length) {
    const { bytesRead } = await handle.read(buffer, filled, length - filled, start + filled)
    if (bytesRead === 0) throw new DamagedBlockError(firstBlock + Math.floor(filled / blockBytes))
    filled += bytesRead
  }
  for (let offset = 0, block = firstBlock; offset < length; offset += blockBytes, block++) {
    const bytes = buffer.subarray(offset, Math.min(offset + blockBytes, length))
    if (!verifyBlock({ lengthBytes: piece.lengthBytes, blockLayer: piece.blockLayer, hasher }, block, bytes)) {
      throw new DamagedBlockError(block)
    }
  }
  return buffer
}

/** A range of a piece in checked chunks, none of them copied. */
export async function* readRange(
  handle: FileHandle,
  piece: StoredPiece,
  offsetBytes: number,
  lengthBytes: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  const end = offsetBytes + lengthBytes
  let position = offsetBytes
  while (position < end) {
    const first = Math.floor(position / blockBytes)
    const count = Math.min(blocksPerRead, Math.ceil(end / blockBytes) - first)
    const bytes = await readVerifiedBlocks(handle, piece, first, count)
    const base = first * blockBytes
    const until = Math.min(end, base + bytes.length)
    yield bytes.subarray(position - base, until - base)
    position = until
  }
}
