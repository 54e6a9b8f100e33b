import { appendRange, foldRanges, type RangeSum } from './add-sums.ts'
import { channels } from './cells.ts'
import type { RenderJob, RenderUnit } from './render-job.ts'
import { unitsOfFrame } from './plan-units.ts'

/**
 * Puts the units of one frame together: ranges of samples of a tile added in the one order of `add-sums.ts`, tiles beside each other. The result is the
 * same bit for bit however the work was divided. `sumsOf` is asked for one unit after the other, so that a large picture needs little memory beside itself; it
 * returns an array that may be written into.
 */
export async function assemblePicture(
  job: RenderJob,
  frame: number,
  sumsOf: (unit: RenderUnit) => Promise<Float32Array<ArrayBuffer>>,
): Promise<Float32Array> {
  const picture = new Float32Array(job.width * job.height * channels)
  const tiles = new Map<string, RenderUnit[]>()
  for (const unit of unitsOfFrame(job, frame)) {
    const place = `${unit.x} ${unit.y}`
    tiles.set(place, [...(tiles.get(place) ?? []), unit])
  }
  for (const units of tiles.values()) {
    let pending: RangeSum[] = []
    for (const unit of units) pending = appendRange(pending, { blockCount: unit.blockCount, sums: await sumsOf(unit) })
    const [first] = units
    pasteTile(picture, job.width, first!, foldRanges(pending)!)
  }
  return picture
}

function pasteTile(picture: Float32Array, pictureWidth: number, tile: RenderUnit, sums: Float32Array): void {
  for (let row = 0; row < tile.height; row++) {
    const to = ((tile.y + row) * pictureWidth + tile.x) * channels
    picture.set(sums.subarray(row * tile.width * channels, (row + 1) * tile.width * channels), to)
  }
}
