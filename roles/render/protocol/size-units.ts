import { cellPixels, samplesPerBlock, type RenderJob } from './render-job.ts'

/** How long a unit should take on the node that renders it: short enough to lose, long enough that handing over costs little. */
export const unitSeconds = 30
/** A unit's pixels at most: its sums travel whole, twelve bytes a pixel. */
const largestTilePixels = 512
const smallestTilePixels = 4 * cellPixels

/** How a job is cut. */
export type UnitSize = Pick<RenderJob, 'tile' | 'blocksPerUnit'>

/**
 * Cuts a picture into units that take a node of this score about `seconds` (default 30). The tile is as large as may be, then as many blocks of
 * samples as fit; only where one block of the largest tile is already too much do tiles shrink, to 64 pixels at least: every unit costs a
 * few transactions. `seconds` smaller than the time of one such unit is not reached.
 */
export function sizeUnits(
  picture: Pick<RenderJob, 'width' | 'height' | 'samples'>,
  o: { megasamplesPerSecond: number; seconds?: number },
): UnitSize {
  const wanted = Math.max(1, o.megasamplesPerSecond * 1e6 * (o.seconds ?? unitSeconds))
  const blocks = picture.samples / samplesPerBlock
  const cells = (pixels: number): number => Math.ceil(pixels / cellPixels) * cellPixels
  let side = largestTilePixels
  const tileOf = (): RenderJob['tile'] => ({
    width: Math.min(side, cells(picture.width)),
    height: Math.min(side, cells(picture.height)),
  })
  const samplesOf = (): number => tileOf().width * tileOf().height * samplesPerBlock
  while (side > smallestTilePixels && samplesOf() > wanted) side /= 2
  const fitting = Math.max(1, Math.floor(wanted / samplesOf()))
  return { tile: tileOf(), blocksPerUnit: 2 ** Math.floor(Math.log2(Math.min(fitting, blocks))) }
}
