import { availableParallelism } from 'node:os'
import { joinParts, locateRange } from '../protocol/locate-range.ts'
import type { Manifest } from '../protocol/manifest.ts'
import { ChunkDamagedError, openChunk } from '../protocol/sealing.ts'
import type { SegmentKeys } from '../protocol/segment-keys.ts'
import { chunkBytes, pieceLength, sealedChunkBytes, segmentSpan } from '../protocol/segments.ts'
import { fetchColumns } from './fetch-columns.ts'
import { fetchIntoSlot, rowsOf } from './fetch-into-slot.ts'
import { maximumExtra, type FetchBytes } from './fetch-segment.ts'
import { nodeCipher } from './node-crypto.ts'
import type { PeerRecord } from './peer-record.ts'
import { createPipeline } from './pipeline/pipeline.ts'
import { readSealed } from './pipeline/slot-bytes.ts'

export type SegmentReading = {
  readonly manifest: Manifest
  readonly segmentIndex: number
  readonly keys: SegmentKeys
  readonly record: PeerRecord
  readonly fetchBytes: FetchBytes
  readonly signal: AbortSignal | undefined
}

/**
 * The plain bytes [from, to) of one segment. A part of a piece cannot be checked against the piece's root, but its chunks can by
 * their tags. Where one fails somebody lied: then the same columns are decoded from other pieces, and if that fails too the
 * segment is fetched as a whole, piece by piece checked against their roots.
 *
 * Throws TooFewPiecesError, ChunkDamagedError, CancelledError.
 */
export async function readSegment(reading: SegmentReading, from: number, to: number): Promise<Uint8Array> {
  const { manifest, segmentIndex, keys, record, fetchBytes, signal } = reading
  const { plainBytes } = segmentSpan(manifest.bytes, segmentIndex)
  const { k } = manifest
  const { pieces } = manifest.segments[segmentIndex]!
  const located = locateRange(plainBytes, k, from, to)
  const pieceBytes = pieceLength(plainBytes, k)
  const options = { segmentIndex, k, pieces, maskKey: keys.maskKey, record, fetchBytes, signal }
  for (const direct of [true, false]) {
    const parts = await Promise.all(located.parts.map((part) => fetchColumns(options, part, { direct })))
    try {
      return openChunks(reading, joinParts(located, pieceBytes, parts), from, to)
    } catch (error) {
      if (!(error instanceof ChunkDamagedError)) throw error
      const liars = pieces.filter((piece) => direct && located.parts.some((part) => part.shard === piece.index))
      liars.forEach((piece) => record.failed(piece.node))
    }
  }
  return openChunks(reading, await fetchWhole(reading, located.sealedFrom, located.sealedTo), from, to)
}

/** Opens whole chunks and cuts the wanted bytes out. Throws ChunkDamagedError. */
function openChunks({ manifest, segmentIndex, keys }: SegmentReading, sealed: Uint8Array, from: number, to: number) {
  const segment = { segmentIndex, plainBytes: segmentSpan(manifest.bytes, segmentIndex).plainBytes }
  const firstChunk = Math.floor(from / chunkBytes)
  const plain = new Uint8Array(to - from)
  for (let at = 0; at < sealed.length; at += sealedChunkBytes) {
    const chunk = firstChunk + at / sealedChunkBytes
    const opened = openChunk(nodeCipher, keys.contentKey, segment, chunk, sealed.subarray(at, at + sealedChunkBytes))
    const start = chunk * chunkBytes
    const begin = Math.max(from, start)
    const end = Math.min(to, start + opened.length)
    plain.set(opened.subarray(begin - start, end - start), begin - from)
  }
  return plain
}

/** Sealed bytes of a segment by way of whole, checked pieces. */
async function fetchWhole(reading: SegmentReading, sealedFrom: number, sealedTo: number): Promise<Uint8Array> {
  const { manifest, segmentIndex, keys, record, fetchBytes, signal } = reading
  const { pieces } = manifest.segments[segmentIndex]!
  const pipeline = createPipeline({
    threads: Math.max(1, Math.min(4, availableParallelism())),
    k: manifest.k,
    n: rowsOf(pieces),
    pieceBytes: pieceLength(segmentSpan(manifest.bytes, segmentIndex).plainBytes, manifest.k),
    slots: 1,
    pieceBuffers: manifest.k + maximumExtra,
    stagingAreas: 1,
  })
  try {
    const { arena } = pipeline
    const slotAddress = await arena.slots.acquire({ signal })
    const { maskKey } = keys
    const slot = await fetchIntoSlot({
      pipeline,
      manifest,
      segmentIndex,
      slotAddress,
      maskKey,
      record,
      fetchBytes,
      signal,
    })
    return readSealed(new Uint8Array(arena.memory.buffer), slot, sealedFrom, sealedTo - sealedFrom).slice()
  } finally {
    await pipeline.close()
  }
}
