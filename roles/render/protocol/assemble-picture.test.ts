import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { renderSums, softwareScene } from '../testing/software-renderer.ts'
import { anyJob } from '../testing/test-job.ts'
import { appendRange, foldRanges, type RangeSum } from './add-sums.ts'
import { assemblePicture } from './assemble-picture.ts'
import { samplesPerBlock } from './render-job.ts'

const scene = softwareScene(Uint8Array.of(4, 2))

describe('a picture put together from units', () => {
  it('is bit for bit the one that a single machine renders, however it was cut', async () => {
    await fc.assert(
      fc.asyncProperty(anyJob, async (any) => {
        const job = { ...any, width: Math.min(any.width, 40), height: Math.min(any.height, 24) }
        const picture = await assemblePicture(job, 0, (unit) => Promise.resolve(renderSums(scene, job, unit)))
        let pending: RangeSum[] = []
        for (let block = 0; block < job.samples / samplesPerBlock; block++) {
          const whole = { index: 0, frame: 0, x: 0, y: 0, width: job.width, height: job.height }
          const sums = renderSums(scene, job, { ...whole, firstBlock: block, blockCount: 1 })
          pending = appendRange(pending, { blockCount: 1, sums })
        }
        expect(picture).toEqual(foldRanges(pending))
      }),
      { numRuns: 12 },
    )
  })
})
