import { availableParallelism } from 'node:os'
import type { Manifest } from '../protocol/manifest.ts'
import { deriveSegmentKeys, pathKey, unwrapSegmentSecret, type SegmentKeys } from '../protocol/segment-keys.ts'
import { pieceLength, segmentSpan } from '../protocol/segments.ts'
import { fetchIntoSlot, rowsOf } from './fetch-into-slot.ts'
import { maximumExtra, type FetchBytes } from './fetch-segment.ts'
import { nodeCipher } from './node-crypto.ts'
import { PeerRecord } from './peer-record.ts'
import { openSegment } from './pipeline/open-segment.ts'
import { createPipeline, type Pipeline } from './pipeline/pipeline.ts'
import type { SlotLayout } from './pipeline/jobs.ts'

/** `bytesDone` counts plain bytes written, and those that were there from an earlier try. */
export type GetProgress = {
  readonly phase: 'finding' | 'fetching'
  readonly bytesDone: number
  readonly bytesTotal: number
}

/** Where verified bytes go, segment by segment, in order. */
export type SegmentSink = {
  /** False for a segment that need not be fetched. */
  wants(segmentIndex: number): boolean
  /** The bytes may be reused once this resolves; `position` counts from the start of the stream. */
  write(position: number, bytes: Uint8Array): Promise<void>
  /** All bytes of a segment were written. */
  segmentDone(segmentIndex: number): Promise<void>
}

export type FetchOptions = {
  readonly sink: SegmentSink
  readonly fetchBytes: FetchBytes
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: GetProgress) => void
}

function openPipeline(manifest: Manifest): Pipeline {
  return createPipeline({
    threads: Math.max(1, Math.min(4, availableParallelism())),
    k: manifest.k,
    n: rowsOf(manifest.segments.flatMap((segment) => segment.pieces)),
    pieceBytes: pieceLength(segmentSpan(manifest.bytes, 0).plainBytes, manifest.k),
    slots: 2,
    pieceBuffers: manifest.k + maximumExtra,
    stagingAreas: 4,
  })
}

/**
 * Fetches the wanted segments one after the other, verified piece by piece and chunk by chunk; one is opened and written while
 * the next is fetched. Throws TooFewPiecesError, CancelledError and what the sink throws.
 */
export async function fetchSegments(manifest: Manifest, secret: Uint8Array, options: FetchOptions): Promise<void> {
  const pipeline = openPipeline(manifest)
  try {
    await writeSegments(pipeline, manifest, secret, options)
  } finally {
    await pipeline.close()
  }
}

async function writeSegments(
  pipeline: Pipeline,
  manifest: Manifest,
  secret: Uint8Array,
  options: FetchOptions,
): Promise<void> {
  const record = new PeerRecord()
  let bytesDone = 0
  let writing: Promise<void> = Promise.resolve()
  const key = pathKey(nodeCipher, secret, manifest.fileSalt, manifest.pathName)
  try {
    for (const [index, segment] of manifest.segments.entries()) {
      if (!options.sink.wants(index)) {
        bytesDone += segmentSpan(manifest.bytes, index).plainBytes
        continue
      }
      const keys = deriveSegmentKeys(nodeCipher, unwrapSegmentSecret(nodeCipher, key, index, segment.wrappedSecret))
      const fetched = await fetchAndDecode(pipeline, manifest, index, keys, record, options)
      await writing
      writing = writeSegment(pipeline, manifest, index, keys, fetched, options, (bytes) => {
        bytesDone += bytes
        options.onProgress?.({ phase: 'fetching', bytesDone, bytesTotal: manifest.bytes })
      })
      writing.catch(() => {})
    }
  } finally {
    await writing
  }
}

async function fetchAndDecode(
  pipeline: Pipeline,
  manifest: Manifest,
  segmentIndex: number,
  { maskKey }: SegmentKeys,
  record: PeerRecord,
  { signal, fetchBytes }: FetchOptions,
): Promise<SlotLayout> {
  const { slots } = pipeline.arena
  const slotAddress = await slots.acquire({ signal })
  try {
    return await fetchIntoSlot({ pipeline, manifest, segmentIndex, slotAddress, maskKey, record, fetchBytes, signal })
  } catch (error) {
    slots.release(slotAddress)
    throw error
  }
}

async function writeSegment(
  pipeline: Pipeline,
  manifest: Manifest,
  segmentIndex: number,
  keys: SegmentKeys,
  slot: SlotLayout,
  options: FetchOptions,
  onWritten: (bytes: number) => void,
): Promise<void> {
  const { plainBytes, offsetBytes } = segmentSpan(manifest.bytes, segmentIndex)
  let position = offsetBytes
  try {
    for await (const bytes of openSegment(pipeline, {
      slot,
      segment: { segmentIndex, plainBytes },
      keys,
      signal: options.signal,
    })) {
      await options.sink.write(position, bytes)
      position += bytes.length
      onWritten(bytes.length)
    }
    await options.sink.segmentDone(segmentIndex)
  } finally {
    pipeline.arena.slots.release(slot.address)
  }
}
