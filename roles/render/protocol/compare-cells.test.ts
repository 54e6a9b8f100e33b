import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { renderCells, renderSums, softwareScene } from '../testing/software-renderer.ts'
import { testJob } from '../testing/test-job.ts'
import { forgeries, isAccepted, runVerifierTrials, tellingTrial } from '../testing/verifier-trial.ts'
import { compareCell, isTelling, judgeUnit, type CellVerdict } from './compare-cells.ts'
import { unitOf } from './plan-units.ts'
import { toleranceOf } from './tolerances.ts'

const tolerance = toleranceOf('webgl2', 'webgl2')!
const scene = softwareScene(Uint8Array.of(1, 2, 3))
const job = testJob({ width: 64, height: 64, samples: 16, tile: { width: 64, height: 64 }, blocksPerUnit: 2 })
const unit = unitOf(job, 0)
const cell = (index: number): Float32Array => renderCells(scene, job, unit, [index])
/** Chances that come out the same each time. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

describe('comparing a cell', () => {
  it('finds the same the same, and knows that a flat piece of sky tells nothing', () => {
    expect(compareCell({ index: 0, theirs: cell(0), ours: cell(0) }, 16, tolerance)).toMatchObject({
      agrees: true,
    })
    expect(compareCell({ index: 15, theirs: cell(15), ours: cell(15) }, 16, tolerance)).toMatchObject({
      agrees: true,
    })
    expect(isTelling(cell(0), 16, tolerance)).toBe(false)
    expect(isTelling(cell(15), 16, tolerance)).toBe(true)
  })

  it('forgives a few paths that went another way, not many', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(255), { minLength: 0, maxLength: 12 }), (pixels) => {
        const theirs = cell(15)
        for (const pixel of pixels) theirs[pixel * 3]! += 5
        const { agrees, strayPixels } = compareCell({ index: 15, theirs, ours: cell(15) }, 16, tolerance)
        expect(strayPixels).toBe(pixels.length)
        expect(agrees).toBe(pixels.length <= tolerance.strayPixels)
      }),
    )
  })

  it('takes nothing that is no number, and nothing of another size', () => {
    for (const bad of [NaN, Infinity, -Infinity]) {
      const theirs = cell(15)
      theirs[7] = bad
      const verdict = compareCell({ index: 15, theirs, ours: cell(15) }, 16, tolerance)
      expect(judgeUnit([verdict], { cellColumns: 4 })).toMatchObject({
        kind: 'refused',
        reason: 'notNumbers',
      })
    }
    expect(compareCell({ index: 15, theirs: cell(15).subarray(3), ours: cell(15) }, 16, tolerance).agrees).toBe(false)
  })
})

describe('judging a unit', () => {
  const verdicts = (count: number, bad: readonly number[]): CellVerdict[] =>
    Array.from({ length: count }, (_unused, index) => ({
      index,
      agrees: !bad.includes(index),
      strayPixels: 0,
      largest: 0.1,
    }))
  const how = { cellColumns: 20 }

  it('needs every cell of a few, and 99 of 100 of many', () => {
    expect(judgeUnit(verdicts(50, [3]), how)).toMatchObject({ kind: 'refused', reason: 'cellsDiffer' })
    expect(judgeUnit(verdicts(100, [3]), how).kind).toBe('accepted')
    expect(judgeUnit(verdicts(100, [3, 50]), how).kind).toBe('refused')
  })

  it('6.3 outliers that lie together are no roundings but a patch', () => {
    expect(judgeUnit(verdicts(400, [3, 24]), how)).toMatchObject({ kind: 'refused', reason: 'outliersTogether' })
    expect(judgeUnit(verdicts(400, [3, 26]), how).kind).toBe('accepted')
  })
})

describe('tolerances', () => {
  it('6.3 back ends that were never measured against each other are never compared', () => {
    expect(toleranceOf('webgl2', 'cycles')).toBeNull()
    expect(toleranceOf('cycles', 'cycles')).toBeNull()
    expect(toleranceOf('webgpu', 'webgl2')).toEqual(toleranceOf('webgl2', 'webgpu'))
  })
})

describe('a customer who looks at drawn cells', () => {
  it.each(forgeries)('6.3 never accepts a forged result: %s', async (forgery) => {
    const random = seeded(forgeries.indexOf(forgery) + 1)
    for (let round = 0; round < 12; round++) {
      const { trial, forged } = tellingTrial(forgery, random)
      const secret = Uint8Array.from({ length: 32 }, () => random() * 256)
      expect(await isAccepted(forged, trial, secret)).toBe(false)
    }
  })

  it('accepts honest results of a driver that rounds otherwise', async () => {
    expect((await runVerifierTrials(40, seeded(77))).honest).toEqual({ tried: 40, refused: 0 })
  })

  it('accepts the very sums, in a unit of nothing but sky as well', async () => {
    const sky = { scene, job: { ...job, height: 512 }, unit: { ...unit, height: 48 } }
    expect(await isAccepted(renderSums(sky.scene, sky.job, sky.unit), sky, new Uint8Array(32))).toBe(true)
  })
})
