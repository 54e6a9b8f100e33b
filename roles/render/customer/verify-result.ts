import { hexlify } from 'ethers'
import { bytesOfSums, bytesPerPixel, cellColumns, cellLengthBytes, countCells, sumsOfBytes } from '../protocol/cells.ts'
import { compareCell, isTelling, judgeUnit, type CellVerdict } from '../protocol/compare-cells.ts'
import { cellsToCheck, drawCells } from '../protocol/draw-cells.ts'
import type { BackEnd } from '../protocol/engine-messages.ts'
import { openingsAllowed } from '../protocol/frames.ts'
import { samplesPerBlock, type RenderUnit } from '../protocol/render-job.ts'
import { buildResultTree, hashCell, sameBytes, treeOfCells, verifyCell } from '../protocol/result-tree.ts'
import { splitCiphertext } from '../protocol/seal-result.ts'
import { toleranceOf, type Tolerance } from '../protocol/tolerances.ts'
import type { AskNode } from './ask-node.ts'

/** What a node showed of its result on chain, as hex. */
export type RevealedRoots = { readonly resultRoot: string; readonly cipherRoot: string; readonly keyHash: string }

/** What a customer found when it looked at a result. */
export type Verification =
  | { readonly kind: 'right'; readonly cellsChecked: number }
  /** `cells` are those that show it; none where the bytes themselves are not what was committed to. */
  | { readonly kind: 'wrong'; readonly reason: string; readonly cells: readonly number[] }

/** What is kept of a result until its key comes. */
export type HeldResult = {
  readonly ciphertext: Uint8Array
  readonly cellHashes: readonly Uint8Array[]
  readonly backEnd: BackEnd
}

/** A forger of a quarter of the cells is found out with this chance; one of all of them for certain. */
const wanted = { forgedShare: 0.25, probability: 0.9 }

/**
 * Fetches what a node committed to and compares it with the roots on chain. Rejects with what the node or the network said; resolves to the words of a fault where the
 * bytes are not those of the commitment.
 */
export async function fetchResult(
  ask: AskNode,
  jobId: string,
  unit: RenderUnit,
  roots: RevealedRoots,
): Promise<HeldResult | { readonly fault: string }> {
  const cellCount = countCells(unit)
  const lengthBytes = unit.width * unit.height * bytesPerPixel
  const { bytes, cellHashes, backEnd } = await ask.ciphertext(jobId, unit.index, { lengthBytes, cellCount })
  if (hexlify(buildResultTree(cellHashes).root) !== roots.resultRoot)
    return { fault: 'its cells are not those that it committed to' }
  if (hexlify(treeOfCells(splitCiphertext(bytes, unit)).root) !== roots.cipherRoot)
    return { fault: 'its encrypted result is not the one that it committed to' }
  return { ciphertext: bytes, cellHashes, backEnd }
}

/** Renders cells of a unit again; one array over them, one after the other. */
export type RenderOwnCells = (unit: RenderUnit, cells: readonly number[]) => Promise<Float32Array>

/**
 * Looks at secretly drawn cells of a result: renders them itself with the same numbers, has the node show them, compares.
 */
export async function verifyResult(o: {
  readonly ask: AskNode
  readonly jobId: string
  readonly unit: RenderUnit
  readonly task: number
  readonly held: HeldResult
  /** The customer's secret for this job. */
  readonly secret: Uint8Array
  readonly ownBackEnd: BackEnd
  readonly renderOwn: RenderOwnCells
}): Promise<Verification> {
  const { unit, held } = o
  const tolerance = toleranceOf(held.backEnd, o.ownBackEnd)
  if (tolerance === null)
    return {
      kind: 'wrong',
      reason: `it rendered with ${held.backEnd}, which was never compared with ${o.ownBackEnd}`,
      cells: [],
    }
  const samples = unit.blockCount * samplesPerBlock
  const ours = await chooseCells(o, samples, tolerance)
  const theirs = await shownCells(o, [...ours.keys()])
  if (theirs === null)
    return { kind: 'wrong', reason: 'it showed cells that it had not committed to', cells: [...ours.keys()] }
  const looked = [...ours].map(([index, own], at) =>
    compareCell({ index, theirs: theirs[at]!, ours: own }, samples, tolerance),
  )
  const verdict = judgeUnit(looked, { cellColumns: cellColumns(unit) })
  return verdict.kind === 'accepted'
    ? { kind: 'right', cellsChecked: looked.length }
    : { kind: 'wrong', ...describe(looked) }
}

type Options = Parameters<typeof verifyResult>[0]

/** Own renderings of this share of a unit at most, and of so many cells in any case, until enough of them can tell something. */
const renderedShare = 0.5
const leastRendered = 32

/**
 * Which cells to have shown: going through them in the secret order, those that could tell a lie, as many as are wanted and may be seen. They are rendered
 * here first, so that nothing that may be seen is spent on flat sky; where the unit has nothing else, that must do.
 */
async function chooseCells(
  o: Options,
  samples: number,
  tolerance: Tolerance,
): Promise<ReadonlyMap<number, Float32Array>> {
  const count = countCells(o.unit)
  const allowed = openingsAllowed(count)
  const wantedTelling = Math.min(allowed, cellsToCheck(count, wanted))
  const order = drawCells(o.secret, o.task, count)
  const [ours, telling, dull] = [new Map<number, Float32Array>(), [] as number[], [] as number[]]
  for (let at = 0; telling.length < wantedTelling && at < count;) {
    const part = order.slice(at, at + wantedTelling - telling.length)
    const sums = splitSums(await o.renderOwn(o.unit, part), o.unit, part)
    part.forEach((cell, index) => {
      ours.set(cell, sums[index]!)
      ;(isTelling(sums[index]!, samples, tolerance) ? telling : dull).push(cell)
    })
    at += part.length
    if (at >= Math.max(leastRendered, renderedShare * count)) break
  }
  // Between honest drivers most cells are the same to the bit, so of the dull ones those are looked at first whose hash is another.
  const differs = (cell: number): boolean =>
    !sameBytes(hashCell(bytesOfSums(ours.get(cell)!)), o.held.cellHashes[cell]!)
  const suspicious = dull.filter(differs)
  const chosen = [...telling, ...suspicious, ...dull.filter((cell) => !suspicious.includes(cell))].slice(0, allowed)
  return new Map(chosen.map((cell) => [cell, ours.get(cell)!]))
}

function describe(cells: readonly CellVerdict[]): { reason: string; cells: number[] } {
  const wrong = cells.filter((cell) => !cell.agrees)
  const largest = Math.max(...wrong.map((cell) => cell.largest))
  return {
    reason: `${wrong.length} of ${cells.length} cells that were rendered again came out otherwise, by up to ${largest.toPrecision(2)}`,
    cells: wrong.map((cell) => cell.index),
  }
}

/** The sums of cells as the node shows them; null where one is not below the root that it revealed. */
async function shownCells(
  o: Pick<Parameters<typeof verifyResult>[0], 'ask' | 'jobId' | 'unit' | 'held'>,
  cells: readonly number[],
): Promise<Float32Array[] | null> {
  const { root, leafCount } = buildResultTree(o.held.cellHashes)
  const openings = await o.ask.open(o.jobId, o.unit.index, cells)
  const right = openings.every(
    ({ index, bytes, proof }) =>
      bytes.length === cellLengthBytes(o.unit, index) && verifyCell({ root, leafCount, index, bytes, proof }),
  )
  return right ? openings.map(({ bytes }) => sumsOfBytes(bytes)) : null
}

function splitSums(sums: Float32Array, unit: RenderUnit, cells: readonly number[]): Float32Array[] {
  let at = 0
  return cells.map((cell) => {
    const from = at
    at += cellLengthBytes(unit, cell) / 4
    return sums.subarray(from, at)
  })
}
