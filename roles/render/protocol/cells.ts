import { cellPixels, type RenderUnit } from './render-job.ts'

/** Bytes of one pixel: red, green and blue as 32-bit floats. */
export const bytesPerPixel = 12
/** Numbers of one pixel. */
export const channels = 3

/** A rectangle inside a unit, in pixels from the unit's upper left. */
export type CellRectangle = { readonly x: number; readonly y: number; readonly width: number; readonly height: number }

type Size = Pick<RenderUnit, 'width' | 'height'>

/** How many cells of 16 x 16 pixels a unit has; those at its right and lower edge may be cut. */
export function countCells(unit: Size): number {
  return cellColumns(unit) * Math.ceil(unit.height / cellPixels)
}

/** Cells side by side in a unit. */
export function cellColumns(unit: Pick<Size, 'width'>): number {
  return Math.ceil(unit.width / cellPixels)
}

/** Where cell `index` lies; cells run row by row from the upper left. Throws RangeError outside the unit. */
export function cellRectangle(unit: Size, index: number): CellRectangle {
  if (!Number.isInteger(index) || index < 0 || index >= countCells(unit))
    throw new RangeError(`Cell ${index} is outside a unit of ${countCells(unit)} cells.`)
  const columns = cellColumns(unit)
  const [x, y] = [(index % columns) * cellPixels, Math.floor(index / columns) * cellPixels]
  return { x, y, width: Math.min(cellPixels, unit.width - x), height: Math.min(cellPixels, unit.height - y) }
}

/** Bytes of a cell as they are hashed and sent. */
export function cellLengthBytes(unit: Size, index: number): number {
  const { width, height } = cellRectangle(unit, index)
  return width * height * bytesPerPixel
}

/** The sums of one cell, row by row, copied out of the sums of its unit. */
export function cutCell(sums: Float32Array, unit: Size, index: number): Float32Array {
  const { x, y, width, height } = cellRectangle(unit, index)
  const cell = new Float32Array(width * height * channels)
  for (let row = 0; row < height; row++) {
    const from = ((y + row) * unit.width + x) * channels
    cell.set(sums.subarray(from, from + width * channels), row * width * channels)
  }
  return cell
}

/** Puts a cell back where `cutCell` took it from. */
export function pasteCell(sums: Float32Array, unit: Size, index: number, cell: Float32Array): void {
  const { x, y, width, height } = cellRectangle(unit, index)
  if (cell.length !== width * height * channels)
    throw new RangeError(`Cell ${index} has ${width * height * channels} numbers, not ${cell.length}.`)
  for (let row = 0; row < height; row++) {
    const to = ((y + row) * unit.width + x) * channels
    sums.set(cell.subarray(row * width * channels, (row + 1) * width * channels), to)
  }
}

/** Sums as bytes: 32-bit floats, little endian, whatever this computer's own order is. */
export function bytesOfSums(sums: Float32Array): Uint8Array {
  const bytes = new Uint8Array(sums.length * 4)
  const view = new DataView(bytes.buffer)
  for (let index = 0; index < sums.length; index++) view.setFloat32(index * 4, sums[index]!, true)
  return bytes
}

/** The other way round. Throws RangeError where the bytes are no whole floats. */
export function sumsOfBytes(bytes: Uint8Array): Float32Array<ArrayBuffer> {
  if (bytes.length % 4 !== 0) throw new RangeError(`${bytes.length} bytes are no whole 32-bit floats.`)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  return Float32Array.from({ length: bytes.length / 4 }, (_unused, index) => view.getFloat32(index * 4, true))
}
