import { cellRectangle, countCells } from '../protocol/cells.ts'
import { cellPixels, type RenderUnit } from '../protocol/render-job.ts'

/**
 * Cells side by side in the grid: few, so that a row is little work, yet enough to keep the threads of software drivers busy,
 * which take 64 pixels each. More for tiles of very many cells.
 */
const fewColumns = 16
/** A grid of more rows would be higher than textures may be everywhere. */
const maxRows = 1000

/** Which cells of a unit are rendered, and where they lie in the graphics card's grid. */
export type Grid = {
  readonly cells: readonly number[]
  readonly columns: number
  readonly rows: number
  readonly corners: Uint32Array
}

/** Lays the cells of a unit (all, or those that were asked for) out in rows. */
export function makeGrid(unit: RenderUnit, wanted: readonly number[] | null): Grid {
  const cells = wanted ?? Array.from({ length: countCells(unit) }, (_unused, index) => index)
  const columns = Math.max(fewColumns, Math.ceil(cells.length / maxRows))
  const corners = Uint32Array.from(
    cells.flatMap((cell) => {
      const { x, y } = cellRectangle(unit, cell)
      return [unit.x + x, unit.y + y]
    }),
  )
  return { cells, columns, rows: Math.ceil(cells.length / columns), corners }
}

/** Numbers of the result: all pixels of the unit, or those of the cells that were asked for. */
export function resultLength(unit: RenderUnit, wanted: readonly number[] | null): number {
  if (wanted === null) return unit.width * unit.height * 3
  return wanted.reduce((sum, cell) => {
    const { width, height } = cellRectangle(unit, cell)
    return sum + width * height * 3
  }, 0)
}

/** Where a cell's first number and each next row go in the result. */
function* placesOf(unit: RenderUnit, wanted: readonly number[] | null, cells: readonly number[]) {
  let next = 0
  for (const [position, cell] of cells.entries()) {
    const rectangle = cellRectangle(unit, cell)
    const first = wanted === null ? (rectangle.y * unit.width + rectangle.x) * 3 : next
    const rowStep = (wanted === null ? unit.width : rectangle.width) * 3
    yield { position, rectangle, first, rowStep }
    next += rectangle.width * rectangle.height * 3
  }
}

/**
 * Takes the sums out of what was read from the grid: row by row over the unit, or one cell after the other where cells were
 * asked for. Null where a pixel has not had all of its samples.
 */
export function gatherSums(
  unit: RenderUnit,
  { wanted, grid, samples }: { wanted: readonly number[] | null; grid: Grid; samples: number },
  pixels: Float32Array,
): Float32Array<ArrayBuffer> | null {
  const sums = new Float32Array(resultLength(unit, wanted))
  const gridWidth = grid.columns * cellPixels
  for (const { position, rectangle, first, rowStep } of placesOf(unit, wanted, grid.cells)) {
    const [left, upper] = [(position % grid.columns) * cellPixels, Math.floor(position / grid.columns) * cellPixels]
    for (let y = 0; y < rectangle.height; y++) {
      for (let x = 0; x < rectangle.width; x++) {
        const from = ((upper + y) * gridWidth + left + x) * 4
        if (pixels[from + 3] !== samples) return null
        sums.set(pixels.subarray(from, from + 3), first + y * rowStep + x * 3)
      }
    }
  }
  return sums
}
