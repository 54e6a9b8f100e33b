import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cutCell } from '../protocol/cells.ts'
import type { RenderUnit } from '../protocol/render-job.ts'
import { gatherSums, makeGrid, type Grid } from './grid.ts'

const samples = 8

/** What a card would leave: each pixel of a cell holds its place in the picture. */
function drawGrid(grid: Grid, count = samples): Float32Array {
  const width = grid.columns * 16
  const pixels = new Float32Array(width * grid.rows * 16 * 4)
  for (let cell = 0; cell < grid.cells.length; cell++) {
    const [left, upper] = [(cell % grid.columns) * 16, Math.floor(cell / grid.columns) * 16]
    for (let y = 0; y < 16; y++) {
      for (let x = 0; x < 16; x++) {
        const at = ((upper + y) * width + left + x) * 4
        pixels.set([grid.corners[cell * 2]! + x, grid.corners[cell * 2 + 1]! + y, 7, count], at)
      }
    }
  }
  return pixels
}

const units = fc.record({
  index: fc.constant(0),
  frame: fc.constant(0),
  x: fc.nat(20).map((cells) => cells * 16),
  y: fc.nat(20).map((cells) => cells * 16),
  width: fc.integer({ min: 1, max: 90 }),
  height: fc.integer({ min: 1, max: 90 }),
  firstBlock: fc.constant(0),
  blockCount: fc.constant(1),
})

const gather = (unit: RenderUnit, wanted: readonly number[] | null, count?: number): Float32Array | null => {
  const grid = makeGrid(unit, wanted)
  return gatherSums(unit, { wanted, grid, samples }, drawGrid(grid, count))
}

describe('the grid of cells on the card', () => {
  it('comes back as the pixels of the unit, row by row', () => {
    fc.assert(
      fc.property(units, (unit) => {
        const sums = gather(unit, null)!
        expect(sums.length).toBe(unit.width * unit.height * 3)
        for (let pixel = 0; pixel < unit.width * unit.height; pixel++) {
          const place = [unit.x + (pixel % unit.width), unit.y + Math.floor(pixel / unit.width), 7]
          if (place.some((value, channel) => sums[pixel * 3 + channel] !== value)) throw new Error(`pixel ${pixel}`)
        }
      }),
    )
  })

  it('comes back as single cells, equal to what is cut from the whole', () => {
    fc.assert(
      fc.property(units, fc.nat(), (unit, pick) => {
        const cell = pick % (Math.ceil(unit.width / 16) * Math.ceil(unit.height / 16))
        expect(gather(unit, [cell])).toEqual(cutCell(gather(unit, null)!, unit, cell))
      }),
    )
  })

  it('is refused where a pixel lacks samples', () => {
    fc.assert(fc.property(units, (unit) => gather(unit, null, samples - 1) === null))
  })
})
