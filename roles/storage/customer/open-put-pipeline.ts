import { availableParallelism } from 'node:os'
import type { Profile } from '../protocol/profiles.ts'
import { pieceLength, segmentSpan } from '../protocol/segments.ts'
import { createPipeline, type Pipeline } from './pipeline/pipeline.ts'

/**
 * The threads and the memory of one put: one sealed segment, of which pieces are made range by range while they are sent.
 * So all uploads of a segment run at once and memory depends neither on their number nor on the file. The caller closes it.
 */
export function openPutPipeline(profile: Profile, fileBytes: number): Pipeline {
  const pieceBytes = pieceLength(segmentSpan(fileBytes, 0).plainBytes, profile.k)
  return createPipeline({
    threads: Math.max(1, Math.min(4, availableParallelism())),
    k: profile.k,
    n: profile.uploads,
    pieceBytes,
    slots: 1,
    pieceBuffers: 0,
    stagingAreas: 2,
  })
}
