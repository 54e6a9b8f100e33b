import { channels } from './cells.ts'
import type { Tolerance } from './tolerances.ts'

/** One cell as a node gave it and as somebody rendered it again with the same numbers. Both are sums over `samples`. */
export type CellPair = { readonly index: number; readonly theirs: Float32Array; readonly ours: Float32Array }

/** How one cell compares. */
export type CellVerdict = {
  readonly index: number
  readonly agrees: boolean
  readonly strayPixels: number
  /** Largest difference of means in any channel. */
  readonly largest: number
}

/** How a unit compares, with all that a person needs to see why. */
export type UnitVerdict =
  | { readonly kind: 'accepted'; readonly cells: readonly CellVerdict[] }
  | { readonly kind: 'refused'; readonly reason: RefusalReason; readonly cells: readonly CellVerdict[] }

export type RefusalReason = 'notNumbers' | 'cellsDiffer' | 'outliersTogether'

/** Share of cells that must agree (PROTOCOL 6.3). */
const agreeingShare = 0.99
/** A cell tells something when this many times as many pixels as may stray stand out from its middle value. */
const tellingPixels = 3
/** Standing out means by this multiple of the tolerance. */
const tellingFactor = 4

/** Compares one cell. A value that is no finite number never agrees. */
export function compareCell(pair: CellPair, samples: number, tolerance: Tolerance): CellVerdict {
  const { theirs, ours, index } = pair
  if (theirs.length !== ours.length) return { index, agrees: false, strayPixels: ours.length, largest: Infinity }
  let [stray, largest] = [0, 0]
  for (let at = 0; at < ours.length; at += channels) {
    let agrees = true
    for (let channel = at; channel < at + channels; channel++) {
      const [a, b] = [theirs[channel]! / samples, ours[channel]! / samples]
      const difference = Math.abs(a - b)
      largest = Number.isFinite(difference) ? Math.max(largest, difference) : Infinity
      // Written so that NaN disagrees.
      if (!(difference <= allowedAt(Math.max(Math.abs(a), Math.abs(b)), tolerance))) agrees = false
    }
    if (!agrees) stray++
  }
  const pixels = ours.length / channels
  return {
    index,
    agrees: largest < Infinity && stray <= (tolerance.strayPixels * pixels) / 256,
    strayPixels: stray,
    largest,
  }
}

function allowedAt(magnitude: number, tolerance: Tolerance): number {
  return tolerance.absolute + tolerance.relative * magnitude
}

/**
 * Whether enough pixels differ from the cell's own middle for another picture, or fewer samples, to be noticed in it: in a flat piece of sky half the
 * samples look like all of them.
 */
export function isTelling(ours: Float32Array, samples: number, tolerance: Tolerance): boolean {
  const brightness = Array.from({ length: ours.length / channels }, (_unused, pixel) => {
    const at = pixel * channels
    return (ours[at]! + ours[at + 1]! + ours[at + 2]!) / (channels * samples)
  })
  const middle = [...brightness].sort((left, right) => left - right)[brightness.length >> 1]!
  const apart = brightness.filter(
    (value) => Math.abs(value - middle) > tellingFactor * allowedAt(Math.abs(middle), tolerance),
  )
  return apart.length > (tellingPixels * tolerance.strayPixels * brightness.length) / 256
}

/** Judges a unit by the cells that were looked at. Accepted: at least 99 % of them agree, and those that do not lie scattered. */
export function judgeUnit(cells: readonly CellVerdict[], o: { cellColumns: number }): UnitVerdict {
  const outliers = cells.filter((cell) => !cell.agrees)
  if (outliers.some((cell) => cell.largest === Infinity)) return { kind: 'refused', reason: 'notNumbers', cells }
  if (outliers.length > Math.floor((1 - agreeingShare) * cells.length + 1e-9))
    return { kind: 'refused', reason: 'cellsDiffer', cells }
  if (
    haveNeighbours(
      outliers.map(({ index }) => index),
      o.cellColumns,
    )
  )
    return { kind: 'refused', reason: 'outliersTogether', cells }
  return { kind: 'accepted', cells }
}

function haveNeighbours(indices: readonly number[], columns: number): boolean {
  return indices.some((index, at) =>
    indices.slice(at + 1).some((other) => {
      const [dx, dy] = [
        Math.abs((index % columns) - (other % columns)),
        Math.abs(Math.floor(index / columns) - Math.floor(other / columns)),
      ]
      return dx <= 1 && dy <= 1
    }),
  )
}
