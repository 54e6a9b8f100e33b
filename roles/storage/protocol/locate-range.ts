import { chunkBytes, chunkCount, pieceLength, sealedChunkBytes, sealedLength } from './segments.ts'

/** Parts of pieces begin on multiples of this, for the mask (16) and the kernel (64). */
const alignBytes = 64

/** Bytes [from, to) of the data piece `shard`. */
export type ShardPart = { readonly shard: number; readonly from: number; readonly to: number }

/** Where some plain bytes of a segment lie: the chunks that hold them, and the parts of data pieces that hold those. */
export type LocatedRange = {
  readonly firstChunk: number
  /** Inclusive. */
  readonly lastChunk: number
  /** Where the first chunk begins in the sealed segment, and where the last one ends. */
  readonly sealedFrom: number
  readonly sealedTo: number
  readonly parts: readonly ShardPart[]
}

/**
 * Finds plain bytes [from, to) of a segment of `plainBytes` coded with k data shards. Whole chunks are needed, since only they
 * authenticate (PROTOCOL 5.4). Pure. Throws RangeError for an empty range or one beyond the segment.
 */
export function locateRange(plainBytes: number, k: number, from: number, to: number): LocatedRange {
  if (from < 0 || from >= to || to > plainBytes) throw new RangeError(`No bytes ${from} to ${to} in ${plainBytes}.`)
  const firstChunk = Math.floor(from / chunkBytes)
  const lastChunk = Math.min(chunkCount(plainBytes) - 1, Math.floor((to - 1) / chunkBytes))
  const sealedFrom = firstChunk * sealedChunkBytes
  const sealedTo = Math.min((lastChunk + 1) * sealedChunkBytes, sealedLength(plainBytes))
  const pieceBytes = pieceLength(plainBytes, k)
  const parts: ShardPart[] = []
  for (let shard = Math.floor(sealedFrom / pieceBytes); shard * pieceBytes < sealedTo; shard++) {
    const start = Math.max(0, sealedFrom - shard * pieceBytes)
    const end = Math.min(pieceBytes, sealedTo - shard * pieceBytes)
    parts.push({
      shard,
      from: Math.floor(start / alignBytes) * alignBytes,
      to: Math.min(pieceBytes, Math.ceil(end / alignBytes) * alignBytes),
    })
  }
  return { firstChunk, lastChunk, sealedFrom, sealedTo, parts }
}

/** Puts the sealed bytes of a located range together from its parts, in their order. */
export function joinParts(
  { sealedFrom, sealedTo, parts }: LocatedRange,
  pieceBytes: number,
  bytes: readonly Uint8Array[],
): Uint8Array {
  const sealed = new Uint8Array(sealedTo - sealedFrom)
  for (const [index, { shard, from, to }] of parts.entries()) {
    const start = shard * pieceBytes + from
    const begin = Math.max(start, sealedFrom)
    const end = Math.min(shard * pieceBytes + to, sealedTo)
    sealed.set(bytes[index]!.subarray(begin - start, end - start), begin - sealedFrom)
  }
  return sealed
}
