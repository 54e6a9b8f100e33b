import { HearthError } from '../../api/errors.ts'
import { counterNonce, type Cipher } from './cipher.ts'
import { chunkCount } from './segments.ts'

/** A chunk was changed, moved, cut off or belongs to another segment. */
export class ChunkDamagedError extends HearthError {
  constructor(segmentIndex: number, chunkIndex: number) {
    super('CHUNK_DAMAGED', `Chunk ${chunkIndex} of segment ${segmentIndex} is not what was stored.`, {
      details: { segmentIndex, chunkIndex },
    })
  }
}

/** The segment that a chunk belongs to; bound into every chunk. */
export type SealedSegment = { readonly segmentIndex: number; readonly plainBytes: number }

/**
 * Seals one chunk (PROTOCOL 5.4): the nonce counts chunks under the segment's own key; segment, chunk, length and
 * whether it is the last are authenticated, so chunks can be neither reordered nor dropped, and each opens by itself.
 */
export function sealChunk(
  cipher: Cipher,
  contentKey: Uint8Array,
  segment: SealedSegment,
  chunkIndex: number,
  plain: Uint8Array,
): Uint8Array {
  return cipher.seal(contentKey, counterNonce(chunkIndex), additionalData(segment, chunkIndex), plain)
}

/** Opens one chunk. Throws ChunkDamagedError. */
export function openChunk(
  cipher: Cipher,
  contentKey: Uint8Array,
  segment: SealedSegment,
  chunkIndex: number,
  sealed: Uint8Array,
): Uint8Array {
  const plain = cipher.open(contentKey, counterNonce(chunkIndex), additionalData(segment, chunkIndex), sealed)
  if (!plain) throw new ChunkDamagedError(segment.segmentIndex, chunkIndex)
  return plain
}

function additionalData(segment: SealedSegment, chunkIndex: number): Uint8Array {
  const bytes = new Uint8Array(14)
  const view = new DataView(bytes.buffer)
  view.setUint8(0, 1)
  view.setUint32(1, segment.segmentIndex)
  view.setUint32(5, chunkIndex)
  view.setUint32(9, segment.plainBytes)
  view.setUint8(13, chunkIndex === chunkCount(segment.plainBytes) - 1 ? 1 : 0)
  return bytes
}
