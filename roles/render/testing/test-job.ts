import fc from 'fast-check'
import { renderJobSchema, type RenderJob } from '../protocol/render-job.ts'

/** A small job; what a test is about is passed. */
export function testJob(change: Partial<RenderJob> = {}): RenderJob {
  return renderJobSchema.parse({
    formatVersion: 1,
    engine: 'hearth-pathtracer-1',
    sceneHash: `0x${'ab'.repeat(32)}`,
    sceneBytes: 1000,
    width: 96,
    height: 64,
    samples: 16,
    frames: { count: 2, perSecond: 24, startSeconds: 0 },
    camera: null,
    maxBounces: 4,
    seed: 7,
    tile: { width: 64, height: 64 },
    blocksPerUnit: 2,
    ...change,
  })
}

/** Any job that a schema would let through, not too large to list. */
export const anyJob: fc.Arbitrary<RenderJob> = fc
  .record({
    width: fc.integer({ min: 1, max: 300 }),
    height: fc.integer({ min: 1, max: 300 }),
    blocks: fc.integer({ min: 1, max: 40 }),
    frames: fc.integer({ min: 1, max: 3 }),
    tileColumns: fc.integer({ min: 1, max: 8 }),
    tileRows: fc.integer({ min: 1, max: 8 }),
    shift: fc.integer({ min: 0, max: 4 }),
  })
  .map((o) =>
    testJob({
      width: o.width,
      height: o.height,
      samples: o.blocks * 8,
      frames: { count: o.frames, perSecond: 24, startSeconds: 0 },
      tile: { width: o.tileColumns * 16, height: o.tileRows * 16 },
      blocksPerUnit: 2 ** o.shift,
    }),
  )
