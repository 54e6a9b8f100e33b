import { appendRange, foldRanges, type RangeSum } from '../../../roles/render/protocol/add-sums.ts'
import { cutCell, pasteCell, countCells } from '../../../roles/render/protocol/cells.ts'
import type { RenderUnit } from '../../../roles/render/protocol/render-job.ts'
import type { Checkpoint, EngineClient } from '../../../roles/render/surface/engine-client.ts'
import { generousLimits, jobOf, openEngine, unitOf, type Host } from './open-engine.ts'
import { tell } from './tell.ts'

const side = 80
const frame = 3
const blocks = 4

/** Numbers whose bits differ. */
function differences(left: Float32Array, right: Float32Array): number {
  if (left.length !== right.length) return Math.max(left.length, right.length)
  const [a, b] = [left, right].map((sums) => new Uint32Array(sums.buffer, sums.byteOffset, sums.length)) as [
    Uint32Array,
    Uint32Array,
  ]
  return a.reduce((count, bits, index) => count + (bits === b[index] ? 0 : 1), 0)
}

function tellDifferences(what: string, count: number): void {
  tell({ figure: `numbers that differ: ${what}`, value: count, unit: 'numbers', target: { atMost: 0 } })
}

const whole: RenderUnit = unitOf(side, { frame, blockCount: blocks })

/** The same picture from tiles of uneven size and ranges of blocks, put together as a customer does it. */
async function inParts(engine: EngineClient): Promise<Float32Array> {
  const picture = new Float32Array(side * side * 3)
  const cuts = [0, 16, 64, side]
  for (let row = 0; row + 1 < cuts.length; row++) {
    for (let column = 0; column + 1 < cuts.length; column++) {
      const [x, y] = [cuts[column]!, cuts[row]!]
      const tile = { frame, x, y, width: cuts[column + 1]! - x, height: cuts[row + 1]! - y }
      let pending: RangeSum[] = []
      for (const [firstBlock, blockCount] of [
        [0, 2],
        [2, 1],
        [3, 1],
      ] as const) {
        const { sums } = await engine.render({ unit: { index: 0, ...tile, firstBlock, blockCount } })
        pending = appendRange(pending, { blockCount, sums: sums.slice() as Float32Array<ArrayBuffer> })
      }
      const sums = foldRanges(pending)!
      for (let line = 0; line < tile.height; line++) {
        const part = sums.subarray(line * tile.width * 3, (line + 1) * tile.width * 3)
        picture.set(part, ((y + line) * side + x) * 3)
      }
    }
  }
  return picture
}

async function singleCells(engine: EngineClient, reference: Float32Array): Promise<number> {
  const cells = [countCells(whole) - 1, 0, 7, 12]
  const { sums } = await engine.render({ unit: whole, cells })
  let at = 0
  let count = 0
  for (const cell of cells) {
    const wanted = cutCell(reference, whole, cell)
    count += differences(sums.slice(at, at + wanted.length), wanted)
    at += wanted.length
  }
  const copy = reference.slice()
  pasteCell(copy, whole, 0, cutCell(reference, whole, 0))
  return count + differences(copy, reference)
}

/** Is a picture the same however, and how often, it is rendered? Bit for bit, on one back end. */
export async function checkDeterminism(host: Host, scene: Uint8Array<ArrayBuffer>, signal: AbortSignal): Promise<void> {
  const job = jobOf(scene, { side, samples: blocks * 8, maxBounces: 6 })
  const load = { scene, job, limits: generousLimits, backEnd: null } as const
  const [first, second] = [await openEngine(host, signal), await openEngine(host, signal)]
  try {
    await first.load(load)
    const checkpoints: Checkpoint[] = []
    const { sums } = await first.render({ unit: whole, onCheckpoint: (checkpoint) => checkpoints.push(checkpoint) })
    tellDifferences('the same unit twice', differences(sums, (await first.render({ unit: whole })).sums))
    await first.render({ unit: unitOf(side, { frame: 1 }) })
    tellDifferences('after another frame', differences(sums, (await first.render({ unit: whole })).sums))
    tellDifferences('tiles and ranges of blocks put together', differences(sums, await inParts(first)))
    tellDifferences('single cells', await singleCells(first, sums))
    await second.load(load)
    tellDifferences('in another window', differences(sums, (await second.render({ unit: whole })).sums))
    const resumed = await second.render({ unit: whole, resume: checkpoints.at(-1)! })
    tellDifferences('from a checkpoint after three of four blocks', differences(sums, resumed.sums))
  } finally {
    first.close()
    second.close()
  }
}
