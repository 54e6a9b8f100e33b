import type { SegmentKeys } from '../../protocol/segment-keys.ts'
import { chunkBytes, chunkCount, pieceLength, type SegmentSpan } from '../../protocol/segments.ts'
import { readFully, type Source } from '../source.ts'
import { chunksPerJob } from './arena.ts'
import type { SlotLayout } from './jobs.ts'
import type { Pipeline } from './pipeline.ts'

export type SealSegmentOptions = {
  readonly source: Source
  readonly span: SegmentSpan
  readonly keys: SegmentKeys
  readonly k: number
  /** A slot of the arena, owned by the caller. */
  readonly slotAddress: number
  readonly signal?: AbortSignal
}

/** Reads one segment of the source and seals it into a slot, on all threads. */
export async function sealSegment(pipeline: Pipeline, options: SealSegmentOptions): Promise<SlotLayout> {
  const { span, k, signal } = options
  const { arena } = pipeline
  const slot = { address: options.slotAddress, stride: arena.stride, pieceBytes: pieceLength(span.plainBytes, k), k }
  const segment = { segmentIndex: span.index, plainBytes: span.plainBytes }
  const jobs: Promise<unknown>[] = []
  const total = chunkCount(span.plainBytes)
  try {
    for (let firstChunk = 0; firstChunk < total; firstChunk += chunksPerJob) {
      const plainAddress = await arena.staging.acquire({ signal })
      const start = firstChunk * chunkBytes
      const plainBytes = Math.min(chunksPerJob * chunkBytes, span.plainBytes - start)
      const chunks = Math.min(chunksPerJob, total - firstChunk)
      try {
        await readFully(options.source, span.offsetBytes + start, arena.view(plainAddress, plainBytes))
      } catch (error) {
        arena.staging.release(plainAddress)
        throw error
      }
      const job = {
        kind: 'seal',
        segment,
        contentKey: options.keys.contentKey,
        firstChunk,
        chunks,
        plainAddress,
        slot,
      } as const
      const sealed = pipeline.run(job).finally(() => arena.staging.release(plainAddress))
      sealed.catch(() => {})
      jobs.push(sealed)
    }
  } finally {
    await Promise.allSettled(jobs)
  }
  await Promise.all(jobs)
  return slot
}
