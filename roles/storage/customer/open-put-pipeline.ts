import { availableParallelism } from 'node:os'
import type { Profile } from '../protocol/profiles.ts'
import { pieceLength, segmentSpan } from '../protocol/segments.ts'
import { createPipeline, type Pipeline } from './pipeline/pipeline.ts'

/** Piece memory at once; with one sealed segment of 64 MiB a put stays below 300 MB whatever its length. */
const pieceMemoryBytes = 128 * 1024 * 1024

/** The threads and the memory of one put. The caller closes it. */
export function openPutPipeline(profile: Profile, fileBytes: number): Pipeline {
  const pieceBytes = pieceLength(segmentSpan(fileBytes, 0).plainBytes, profile.k)
  const fitting = Math.floor(pieceMemoryBytes / pieceBytes)
  return createPipeline({
    threads: Math.max(1, Math.min(4, availableParallelism())),
    k: profile.k,
    n: profile.uploads,
    pieceBytes,
    slots: 1,
    pieceBuffers: Math.max(1, Math.min(2 * profile.uploads, fitting)),
    stagingAreas: 4,
  })
}
