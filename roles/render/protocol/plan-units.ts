import { samplesPerBlock, type RenderJob, type RenderUnit } from './render-job.ts'

/** A range of sample blocks that a unit covers: aligned, its length a power of two. */
export type BlockRange = { readonly firstBlock: number; readonly blockCount: number }

/** How many units a job has; the number that is on chain. */
export function countUnits(job: RenderJob): number {
  const { columns, rows } = tilesOf(job)
  return job.frames.count * rangesOf(job).length * rows * columns
}

/**
 * Unit `index` of a job: frames first, then ranges of samples, then rows and columns of tiles. Computed, never listed, so that a
 * job of millions of units costs nothing. Throws RangeError outside the job.
 */
export function unitOf(job: RenderJob, index: number): RenderUnit {
  if (!Number.isInteger(index) || index < 0 || index >= countUnits(job))
    throw new RangeError(`Unit ${index} is outside a job of ${countUnits(job)} units.`)
  const { columns, rows } = tilesOf(job)
  const ranges = rangesOf(job)
  const column = index % columns
  const row = Math.floor(index / columns) % rows
  const range = ranges[Math.floor(index / (columns * rows)) % ranges.length]!
  const [x, y] = [column * job.tile.width, row * job.tile.height]
  return {
    index,
    frame: Math.floor(index / (columns * rows * ranges.length)),
    x,
    y,
    width: Math.min(job.tile.width, job.width - x),
    height: Math.min(job.tile.height, job.height - y),
    ...range,
  }
}

/** All units of one frame in order. */
export function* unitsOfFrame(job: RenderJob, frame: number): Generator<RenderUnit> {
  const perFrame = countUnits(job) / job.frames.count
  for (let index = frame * perFrame; index < (frame + 1) * perFrame; index++) yield unitOf(job, index)
}

/**
 * The ranges that a pixel's samples fall into: whole units of `blocksPerUnit`, then what remains by falling powers of two, so that every
 * range is aligned and its sum is a node of the one tree of `add-sums.ts`.
 */
export function rangesOf(job: Pick<RenderJob, 'samples' | 'blocksPerUnit'>): readonly BlockRange[] {
  if (!isPowerOfTwo(job.blocksPerUnit))
    throw new RangeError(`${job.blocksPerUnit} blocks a unit are no power of two, so its sums would not add up.`)
  const blocks = job.samples / samplesPerBlock
  const ranges: BlockRange[] = []
  for (let firstBlock = 0, blockCount = job.blocksPerUnit; firstBlock < blocks; firstBlock += blockCount) {
    while (blockCount > blocks - firstBlock) blockCount /= 2
    ranges.push({ firstBlock, blockCount })
  }
  return ranges
}

function tilesOf(job: RenderJob): { columns: number; rows: number } {
  return { columns: Math.ceil(job.width / job.tile.width), rows: Math.ceil(job.height / job.tile.height) }
}

function isPowerOfTwo(value: number): boolean {
  return Number.isInteger(value) && value > 0 && Number.isInteger(Math.log2(value))
}
