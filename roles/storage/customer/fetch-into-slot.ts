import type { CodedFile, ManifestPiece } from '../protocol/manifest.ts'
import { pieceLength, segmentSpan } from '../protocol/segments.ts'
import { fetchSegment, type FetchBytes } from './fetch-segment.ts'
import type { PeerRecord } from './peer-record.ts'
import type { SlotLayout } from './pipeline/jobs.ts'
import { decodeSegment } from './pipeline/open-segment.ts'
import type { Pipeline } from './pipeline/pipeline.ts'

/** Rows of the code that decoding must know: spare uploads use rows beyond n. */
export function rowsOf(pieces: readonly ManifestPiece[]): number {
  return pieces.reduce((most, piece) => Math.max(most, piece.index + 1), 1)
}

/**
 * Brings one segment, still sealed, into a slot of the arena: any k of its pieces, checked, unmasked and decoded.
 *
 * The slot stays with the caller. Throws TooFewPiecesError or CancelledError.
 */
export async function fetchIntoSlot(options: {
  readonly pipeline: Pipeline
  readonly manifest: CodedFile
  readonly segmentIndex: number
  readonly slotAddress: number
  readonly maskKey: Uint8Array
  readonly record: PeerRecord
  readonly fetchBytes: FetchBytes
  readonly signal?: AbortSignal
}): Promise<SlotLayout> {
  const { pipeline, manifest, segmentIndex, slotAddress } = options
  const { arena } = pipeline
  const { pieces } = manifest.segments[segmentIndex]!
  const pieceBytes = pieceLength(segmentSpan(manifest.bytes, segmentIndex).plainBytes, manifest.k)
  const slot: SlotLayout = { address: slotAddress, stride: arena.stride, pieceBytes, k: manifest.k }
  const { present, buffers } = await fetchSegment({ ...options, slot, pieces })
  await decodeSegment(pipeline, { slot, n: rowsOf(pieces), present }).finally(() =>
    buffers.forEach((buffer) => arena.pieces.release(buffer)),
  )
  return slot
}
