import { getBytes, hexlify } from 'ethers'
import { readNode, readRenderEvents, readRenderTasks, type Chain } from '../../../contracts/client/index.ts'
import type { OpenRenderSurface } from '../../api/render-surface.ts'
import type { Log } from '../../api/values.ts'
import { peerIdOfPublicKey, type NetworkNode } from '../../network/index.ts'
import { createAskNode } from '../customer/ask-node.ts'
import { cellColumns, cellLengthBytes, countCells, sumsOfBytes } from '../protocol/cells.ts'
import { compareCell, judgeUnit } from '../protocol/compare-cells.ts'
import type { BackEnd, SceneLimits } from '../protocol/engine-messages.ts'
import { samplesPerBlock, type RenderUnit } from '../protocol/render-job.ts'
import { verifyCell } from '../protocol/result-tree.ts'
import { toleranceOf } from '../protocol/tolerances.ts'
import type { Patience } from '../surface/engine-channel.ts'
import { openJobEngine } from '../surface/job-engine.ts'
import type { PanelSeat } from './panel-book.ts'
import { unitOfTask } from './result-shelf.ts'
import type { SceneStore } from './scene-store.ts'
import type { BookedJob, TaskBook } from './task-book.ts'

export type LookParts = {
  readonly chain: Chain
  readonly node: NetworkNode
  readonly book: TaskBook
  readonly scenes: SceneStore
  readonly openSurface: OpenRenderSurface
  readonly limits: SceneLimits
  readonly patience?: Patience
  readonly log: Log
  backEnd(): BackEnd | null
}

/** Cells of a rejection that are looked at; the customer names those that differed first. */
const mostCells = 16

/**
 * Renders the disputed cells of a result from the job's own seeds, has its node show them, and compares within the tolerance. Null while job or scene are
 * not here. Cells that the node does not show are wrong (IRenderPanel); where no tolerance was measured nobody can tell.
 */
export async function lookAtDispute(
  parts: LookParts,
  seat: PanelSeat,
  signal: AbortSignal,
): Promise<'right' | 'wrong' | 'neither' | null> {
  const job = parts.book.job(seat.jobId)
  if (job === null || job.spec === null || !(await parts.scenes.has(job.sceneHash))) return null
  const found = await readDispute(parts.chain, job, seat.task)
  const own = parts.backEnd()
  if (found === null || own === null) return 'neither'
  const tolerance = toleranceOf(own, own)
  if (tolerance === null) return 'neither'
  const unit = unitOfTask(job, seat.task)
  const cells = found.cells.filter((cell) => cell < countCells(unit)).slice(0, mostCells)
  if (cells.length === 0) return 'neither'
  const theirs = await shownCells(parts, { ...found, job, unit, cells }, signal)
  if (theirs === null) return 'wrong'
  const ours = await renderCells(parts, job, unit, cells, own, signal)
  const samples = unit.blockCount * samplesPerBlock
  let at = 0
  const verdicts = cells.map((index, place) => {
    const from = at
    at += cellLengthBytes(unit, index) / 4
    return compareCell({ index, theirs: theirs[place]!, ours: ours.subarray(from, at) }, samples, tolerance)
  })
  return judgeUnit(verdicts, { cellColumns: cellColumns(unit) }).kind === 'accepted' ? 'right' : 'wrong'
}

async function readDispute(chain: Chain, job: BookedJob, task: number) {
  const [facts] = await readRenderTasks(chain, job, { from: task, count: 1 })
  if (facts === undefined || facts.node === null) return null
  const range = { fromBlock: chain.network.deployedAtBlock, toBlock: await chain.provider.getBlockNumber() }
  const events = await readRenderEvents(chain, {
    ...range,
    jobId: job.jobId,
    node: facts.node,
    names: ['TaskRejected', 'TaskRevealed'],
  })
  const rejected = events.findLast((event) => event.kind === 'taskRejected' && event.task === task)
  const revealed = events.findLast((event) => event.kind === 'taskRevealed' && event.task === task)
  if (rejected?.kind !== 'taskRejected' || revealed?.kind !== 'taskRevealed') return null
  return { accused: facts.node, cells: rejected.cells, resultRoot: revealed.resultRoot }
}

/** The accused node's cells below the root that it revealed; null where it shows none or others. */
async function shownCells(
  parts: LookParts,
  o: { accused: string; resultRoot: string; job: BookedJob; unit: RenderUnit; cells: readonly number[] },
  signal: AbortSignal,
): Promise<Float32Array[] | null> {
  const entry = await readNode(parts.chain, o.accused)
  if (entry === null) return null
  const { chainId, contracts } = parts.chain.network
  const network = { chainId, market: contracts.RenderMarket }
  const peerId = peerIdOfPublicKey(getBytes(entry.publicKey))
  try {
    const ask = createAskNode({ node: parts.node, peerId, network, signal })
    const openings = await ask.open(o.job.jobId, o.unit.index, o.cells)
    const leafCount = countCells(o.unit)
    const right = openings.every(({ index, bytes, proof }) =>
      verifyCell({ root: getBytes(o.resultRoot), leafCount, index, bytes, proof }),
    )
    return right ? openings.map(({ bytes }) => sumsOfBytes(bytes)) : null
  } catch (error) {
    parts.log.info('The accused node showed nothing.', {
      node: o.accused,
      root: hexlify(o.resultRoot),
      error: String(error),
    })
    return null
  }
}

async function renderCells(
  parts: LookParts,
  job: BookedJob,
  unit: RenderUnit,
  cells: readonly number[],
  backEnd: BackEnd,
  signal: AbortSignal,
): Promise<Float32Array> {
  const scene = await parts.scenes.read(job.sceneHash)
  const { openSurface, limits, log, patience } = parts
  const engine = await openJobEngine({
    ...{ openSurface, job: job.spec!, scene, limits, backEnd, log, signal },
    ...(patience === undefined ? {} : { patience }),
  })
  try {
    return (await engine.render({ unit, cells, signal })).sums
  } finally {
    engine.close()
  }
}
