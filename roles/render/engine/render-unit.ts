import { appendRange, foldRanges, restoreRanges, type RangeSum } from '../protocol/add-sums.ts'
import { samplesPerBlock, type RenderUnit } from '../protocol/render-job.ts'
import type { Draw, Tracer } from './back-end.ts'
import { EngineFailure } from './failure.ts'
import { gatherSums, makeGrid, resultLength, type Grid } from './grid.ts'
import type { Pace } from './pace.ts'

export type RenderRequest = {
  readonly unit: RenderUnit
  readonly cells: readonly number[] | null
  readonly resume: { readonly blocksDone: number; readonly sums: readonly Float32Array[] } | null
  readonly pace: Pace
  readonly signal: AbortSignal
  /** After every block, with the pending sums, which must not be written to. */
  readonly onBlock: (blocksDone: number, pending: readonly RangeSum[]) => void
  /** After every draw, with the samples that every pixel has had by then. */
  readonly onDraw: (samplesDone: number) => void
}

/** A draw should keep the card busy about this long: short enough that the desktop stays smooth and `pace` is quick. */
const wantedDrawMs = 100
/** No draw may grow more than this at once, for rows differ. */
const maxGrowth = 2

/** How much is drawn at once; learned while drawing and kept from block to block. */
export type DrawSize = { rows: number; samples: number }

export function firstDrawSize(): DrawSize {
  return { rows: 1, samples: samplesPerBlock }
}

function learn(size: DrawSize, drawMs: number, drawn: number): void {
  const factor = Math.min(maxGrowth, wantedDrawMs / Math.max(drawMs, 1))
  size.rows = Math.max(1, Math.floor(Math.max(drawn, 1) * factor))
}

/**
 * Keeps the card busy: the next draw is handed over before the last one has ended, unless the pace wants rest after each.
 * `push` resolves with the time that a draw took: the last one's, or with rest this one's.
 */
function makeQueue(tracer: Tracer, { pace, signal }: RenderRequest) {
  let last: Promise<void> | null = null
  let endedAtMs = 0
  return {
    async push(draw: Draw): Promise<number> {
      const rests = await pace.wait(signal)
      if (rests) await last
      const startMs = last === null || rests ? performance.now() : endedAtMs
      const drawing = tracer.draw(draw)
      // Its failure is met where it is waited for; until then it is nobody's.
      drawing.catch(() => {})
      await (rests ? drawing : last)
      last = rests ? null : drawing
      endedAtMs = performance.now()
      pace.report(endedAtMs - startMs)
      return endedAtMs - startMs
    },
    async finish(): Promise<void> {
      await last
    },
  }
}

async function drawBlock(
  tracer: Tracer,
  grid: Grid,
  size: DrawSize,
  firstSample: number,
  request: RenderRequest,
): Promise<Float32Array> {
  const { samples } = size
  const queue = makeQueue(tracer, request)
  for (let row = 0, before = 0; row < grid.rows;) {
    const rows = Math.min(size.rows, grid.rows - row)
    for (let round = 0; round * samples < samplesPerBlock; round++) {
      const busyMs = await queue.push({
        firstRow: row,
        rows,
        firstSample: firstSample + round * samples,
        samples,
        round,
      })
      if (before > 0) learn(size, busyMs, before)
      before = rows
      request.onDraw(firstSample - request.unit.firstBlock * samplesPerBlock)
    }
    row += rows
  }
  await queue.finish()
  return await tracer.read()
}

/**
 * Draws one block. Software drivers end a shader's loops after a fixed number of turns; a pixel that lost samples that way
 * is noticed by its count, and the block is drawn again with fewer samples at once.
 */
async function renderBlock(
  tracer: Tracer,
  grid: Grid,
  size: DrawSize,
  block: number,
  request: RenderRequest,
): Promise<Float32Array<ArrayBuffer>> {
  for (;;) {
    const pixels = await drawBlock(tracer, grid, size, block * samplesPerBlock, request)
    const sums = gatherSums(request.unit, { wanted: request.cells, grid, samples: samplesPerBlock }, pixels)
    if (sums !== null) return sums
    if (size.samples === 1)
      throw new EngineFailure(
        'tooMuchWork',
        'A single sample of this scene is more than this graphics driver finishes.',
      )
    size.samples /= 2
  }
}

/** Renders a unit, or some of its cells, and returns the sum over all of its blocks. */
export async function renderUnit(
  tracer: Tracer,
  size: DrawSize,
  request: RenderRequest,
): Promise<Float32Array<ArrayBuffer>> {
  const { unit, cells, resume } = request
  const grid = makeGrid(unit, cells)
  tracer.setCells(grid.corners, grid.columns)
  if (resume !== null && resume.sums.some((sums) => sums.length !== resultLength(unit, cells)))
    throw new EngineFailure('badRequest', 'The checkpoint belongs to another unit.')
  let pending: RangeSum[] = resume === null ? [] : restoreRanges(resume.blocksDone, resume.sums)
  for (let done = resume?.blocksDone ?? 0; done < unit.blockCount; done++) {
    const sums = await renderBlock(tracer, grid, size, unit.firstBlock + done, request)
    pending = appendRange(pending, { blockCount: 1, sums })
    request.onBlock(done + 1, pending)
  }
  return foldRanges(pending)!
}
