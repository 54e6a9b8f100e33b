import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyJob, testJob } from '../testing/test-job.ts'
import { countUnits, rangesOf, unitOf, unitsOfFrame } from './plan-units.ts'
import { renderUnitSchema } from './render-job.ts'

describe('the units of a job', () => {
  it('cover every pixel of every frame in every block of samples exactly once', () => {
    fc.assert(
      fc.property(anyJob, (job) => {
        const covered = new Map<string, number>()
        for (let frame = 0; frame < job.frames.count; frame++) {
          for (const unit of unitsOfFrame(job, frame)) {
            expect(unit.frame).toBe(frame)
            const key = `${unit.frame} ${unit.firstBlock} ${unit.blockCount}`
            covered.set(key, (covered.get(key) ?? 0) + unit.width * unit.height)
          }
        }
        expect(covered.size).toBe(job.frames.count * rangesOf(job).length)
        for (const pixels of covered.values()) expect(pixels).toBe(job.width * job.height)
      }),
    )
  })

  it('have aligned ranges whose lengths are powers of two and add up to the samples', () => {
    fc.assert(
      fc.property(anyJob, (job) => {
        let next = 0
        for (const { firstBlock, blockCount } of rangesOf(job)) {
          expect(firstBlock).toBe(next)
          expect(Math.log2(blockCount) % 1).toBe(0)
          expect(firstBlock % blockCount).toBe(0)
          expect(blockCount).toBeLessThanOrEqual(job.blocksPerUnit)
          next += blockCount
        }
        expect(next * 8).toBe(job.samples)
      }),
    )
  })

  it('are found by number without listing them, and by no number outside the job', () => {
    fc.assert(
      fc.property(anyJob, fc.nat(), (job, number) => {
        const count = countUnits(job)
        const unit = unitOf(job, number % count)
        expect(renderUnitSchema.parse(unit)).toEqual(unit)
        expect(unit.index).toBe(number % count)
        expect(unit.x % job.tile.width).toBe(0)
        expect(() => unitOf(job, count)).toThrow(RangeError)
      }),
    )
    const film = testJob({
      width: 4096,
      height: 4096,
      samples: 65_536,
      frames: { count: 100_000, perSecond: 24, startSeconds: 0 },
    })
    expect(unitOf(film, countUnits(film) - 1)).toMatchObject({ frame: 99_999, x: 4032, y: 4032 })
  })

  it('are refused where a unit is no power of two of blocks, since its sum would be no node of the tree', () => {
    expect(() => countUnits(testJob({ blocksPerUnit: 3 }))).toThrow(/power of two/)
  })
})
