import { getAddress, type Result, ZeroAddress } from 'ethers'
import type { Chain } from './chain.ts'
import { readContract, type ReadOptions } from './read-contract.ts'

/** Where a task stands, in the order of the numbers on chain; see IRenderMarket for the way from one to the next. */
export const renderTaskStates = [
  'none',
  'drawn',
  'committed',
  'revealed',
  'accepted',
  'disputed',
  'paid',
  'missed',
  'refused',
] as const

export type RenderTaskState = (typeof renderTaskStates)[number]

export type RenderTask = {
  readonly task: number
  readonly unit: number
  readonly replica: number
  /** Null while it is not drawn. */
  readonly node: string | null
  readonly state: RenderTaskState
  readonly changedAtSeconds: number
  /** The commitment; once revealed, a hash over roots and key hash. */
  readonly digest: string
}

export type RenderUnitEntry = {
  readonly unit: number
  /** How often it was drawn; 0 when not yet. */
  readonly draws: number
  readonly drawnAtSeconds: number
  readonly commitBySeconds: number
  /** Reveals count in between; both are estimates while commitments are missing. */
  readonly revealFromSeconds: number
  readonly revealBySeconds: number
  readonly committed: number
  readonly revealed: number
}

type Page = { readonly from?: number; readonly count?: number }

/** Tasks of a job from a number on, at most `count` of them; `replicas` are the job's. */
export async function readRenderTasks(
  chain: Chain,
  job: { readonly jobId: string; readonly replicas: number },
  { from = 0, count = 300 }: Page = {},
  options: ReadOptions = {},
): Promise<RenderTask[]> {
  const [page] = await readContract(chain, 'RenderMarket', 'tasksOf', [job.jobId, from, count], options)
  return ([...(page as Result)] as Result[]).map((view) => taskOf(view, job.replicas))
}

/** Units of a job from a number on, at most `count` of them. */
export async function readRenderUnits(
  chain: Chain,
  jobId: string,
  { from = 0, count = 300 }: Page = {},
  options: ReadOptions = {},
): Promise<RenderUnitEntry[]> {
  const [page] = await readContract(chain, 'RenderMarket', 'unitsOf', [jobId, from, count], options)
  return ([...(page as Result)] as Result[]).map((view) => ({
    unit: Number(view.unit),
    draws: Number(view.draws),
    drawnAtSeconds: Number(view.drawnAt),
    commitBySeconds: Number(view.commitBy),
    revealFromSeconds: Number(view.revealFrom),
    revealBySeconds: Number(view.revealBy),
    committed: Number(view.committed),
    revealed: Number(view.revealed),
  }))
}

function taskOf(view: Result, replicas: number): RenderTask {
  const task = Number(view.task)
  const node = getAddress(view.node)
  return {
    task,
    unit: Math.floor(task / replicas),
    replica: task % replicas,
    node: node === ZeroAddress ? null : node,
    state: renderTaskStates[Number(view.state)]!,
    changedAtSeconds: Number(view.changedAt),
    digest: String(view.digest),
  }
}
