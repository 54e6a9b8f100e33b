import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { testJob } from '../testing/test-job.ts'
import { countUnits } from './plan-units.ts'
import { sizeUnits, unitSeconds } from './size-units.ts'

const pictures = fc.record({
  width: fc.integer({ min: 1, max: 4096 }),
  height: fc.integer({ min: 1, max: 4096 }),
  samples: fc.integer({ min: 1, max: 4096 }).map((blocks) => blocks * 8),
})

describe('cutting a picture into units', () => {
  it('gives a plan that the job takes, for every picture and every node', () => {
    fc.assert(
      fc.property(pictures, fc.double({ min: 0, max: 5000, noNaN: true }), (picture, megasamplesPerSecond) => {
        const job = testJob({ ...picture, ...sizeUnits(picture, { megasamplesPerSecond }) })
        expect(countUnits(job)).toBeGreaterThan(0)
      }),
    )
  })

  it('takes the node at most half a minute, unless the smallest unit already does', () => {
    fc.assert(
      fc.property(pictures, fc.double({ min: 0.05, max: 5000, noNaN: true }), (picture, megasamplesPerSecond) => {
        const { tile, blocksPerUnit } = sizeUnits(picture, { megasamplesPerSecond })
        const samples = tile.width * tile.height * blocksPerUnit * 8
        const smallest = blocksPerUnit === 1 && tile.width <= 64 && tile.height <= 64
        if (!smallest) expect(samples / (megasamplesPerSecond * 1e6)).toBeLessThanOrEqual(unitSeconds)
      }),
    )
  })

  it('uses the half minute: twice as much would be too much or more than there is', () => {
    const large = { width: 1920, height: 1080, samples: 4096 }
    const { tile, blocksPerUnit } = sizeUnits(large, { megasamplesPerSecond: 20 })
    expect(tile).toEqual({ width: 512, height: 512 })
    expect((tile.width * tile.height * blocksPerUnit * 8 * 2) / 20e6).toBeGreaterThan(unitSeconds)
  })
})
