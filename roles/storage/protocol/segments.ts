import { tagBytes } from './cipher.ts'

/** Plain bytes of a sealed chunk. */
export const chunkBytes = 64 * 1024

/** What a full chunk occupies in the sealed segment. */
export const sealedChunkBytes = chunkBytes + tagBytes

/** One fewer than 1024, so that a full sealed segment stays below 64 MiB and a quarter of it below 2^19 leaves. */
export const maximumChunks = 1023

/** Plain bytes of a full segment. */
export const segmentBytes = maximumChunks * chunkBytes

/** One segment of a file: where it begins and how long it is before sealing. */
export type SegmentSpan = { readonly index: number; readonly offsetBytes: number; readonly plainBytes: number }

/** Number of chunks; an empty segment has one empty chunk, so that its end is authenticated too. */
export function chunkCount(plainBytes: number): number {
  return Math.max(1, Math.ceil(plainBytes / chunkBytes))
}

/** Length after sealing. */
export function sealedLength(plainBytes: number): number {
  return plainBytes + chunkCount(plainBytes) * tagBytes
}

/** Length of each of the pieces of a segment coded with k data shards. */
export function pieceLength(plainBytes: number, k: number): number {
  return Math.ceil(sealedLength(plainBytes) / k)
}

/** Number of segments of a file; an empty file has one empty segment. */
export function segmentCount(fileBytes: number): number {
  return Math.max(1, Math.ceil(fileBytes / segmentBytes))
}

/** Position and length of a file's segment. */
export function segmentSpan(fileBytes: number, index: number): SegmentSpan {
  const offsetBytes = index * segmentBytes
  if (index < 0 || index >= segmentCount(fileBytes)) throw new RangeError(`The file has no segment ${index}.`)
  return { index, offsetBytes, plainBytes: Math.min(segmentBytes, fileBytes - offsetBytes) }
}
