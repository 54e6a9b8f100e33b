import type { SegmentKeys } from '../../protocol/segment-keys.ts'
import { chunkBytes, chunkCount } from '../../protocol/segments.ts'
import { alignUp } from '../../protocol/erasure/kernel.ts'
import type { SealedSegment } from '../../protocol/sealing.ts'
import { chunksPerJob } from './arena.ts'
import type { SlotLayout } from './jobs.ts'
import type { Pipeline } from './pipeline.ts'

/** An unmasked, checked piece in the arena. */
export type PresentPiece = { readonly index: number; readonly address: number }

/**
 * Completes a slot's data shards from k pieces, on all threads.
 *
 * Data pieces must already lie in their place in the slot; parity pieces lie anywhere else in the arena.
 */
export async function decodeSegment(
  pipeline: Pipeline,
  options: { slot: SlotLayout; n: number; present: readonly PresentPiece[] },
): Promise<void> {
  const { slot, n, present } = options
  const there = new Set(present.map((piece) => piece.index))
  const wanted = Array.from({ length: slot.k }, (_, index) => ({
    index,
    address: slot.address + index * slot.stride,
  })).filter((shard) => !there.has(shard.index))
  if (wanted.length === 0) return
  const end = alignUp(slot.pieceBytes)
  const part = alignUp(Math.ceil(end / pipeline.threads))
  const ranges = Array.from({ length: pipeline.threads }, (_, index) => ({
    from: Math.min(end, index * part),
    to: Math.min(end, (index + 1) * part),
  }))
  const used = present.slice(0, slot.k)
  await Promise.all(
    ranges
      .filter((range) => range.to > range.from)
      .map((range) => pipeline.run({ kind: 'decode', k: slot.k, n, present: used, wanted, ...range })),
  )
}

/** Opens a slot's chunks in order and hands out the plain bytes; each buffer is valid until the next is asked for. */
export async function* openSegment(
  pipeline: Pipeline,
  options: { slot: SlotLayout; segment: SealedSegment; keys: SegmentKeys; signal?: AbortSignal },
): AsyncGenerator<Uint8Array> {
  const { slot, segment, signal } = options
  const { arena } = pipeline
  const total = chunkCount(segment.plainBytes)
  const starts = Array.from({ length: Math.ceil(total / chunksPerJob) }, (_, index) => index * chunksPerJob)
  const open = async (firstChunk: number) => {
    const plainAddress = await arena.staging.acquire({ signal })
    const chunks = Math.min(chunksPerJob, total - firstChunk)
    const plainBytes = Math.min(chunks * chunkBytes, segment.plainBytes - firstChunk * chunkBytes)
    const job = {
      kind: 'open',
      segment,
      contentKey: options.keys.contentKey,
      firstChunk,
      chunks,
      plainAddress,
      slot,
    } as const
    try {
      await pipeline.run(job)
      return { plainAddress, plainBytes }
    } catch (error) {
      arena.staging.release(plainAddress)
      throw error
    }
  }
  const ahead: ReturnType<typeof open>[] = []
  const refill = (): void => {
    while (ahead.length < pipeline.threads && starts.length > 0) {
      const next = open(starts.shift()!)
      next.catch(() => {})
      ahead.push(next)
    }
  }
  try {
    for (refill(); ahead.length > 0; refill()) {
      const { plainAddress, plainBytes } = await ahead.shift()!
      try {
        yield arena.view(plainAddress, plainBytes)
      } finally {
        arena.staging.release(plainAddress)
      }
    }
  } finally {
    for (const left of await Promise.allSettled(ahead)) {
      if (left.status === 'fulfilled') arena.staging.release(left.value.plainAddress)
    }
  }
}
