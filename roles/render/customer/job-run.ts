import { getBytes } from 'ethers'
import {
  encodeApprove,
  readAllowance,
  readLatestBlock,
  readNode,
  readRenderEvents,
  readRenderJob,
  readRenderTasks,
  readRenderUnits,
  type ChainCall,
  type RenderJobEntry,
  type RenderTask,
  type RenderTiming,
  type RenderUnitEntry,
} from '../../../contracts/client/index.ts'
import { peerIdOfPublicKey } from '../../network/index.ts'
import { usualSceneLimits } from '../protocol/scene-limits.ts'
import type { Patience } from '../surface/engine-channel.ts'
import { openJobEngine, type JobEngine } from '../surface/job-engine.ts'
import { createAskNode, type AskNode } from './ask-node.ts'
import type { RenderCustomer } from './context.ts'
import type { JobFolder, Journal, TaskNote } from './journal.ts'
import type { RevealedRoots } from './verify-result.ts'

/** A job under way in this process. */
export type JobRun = {
  readonly customer: RenderCustomer
  readonly timing: RenderTiming
  readonly folder: JobFolder
  readonly scene: Uint8Array<ArrayBuffer>
  readonly signal: AbortSignal
  journal(): Journal
  /** Durable when it resolves. */
  note(task: TaskNote): Promise<void>
  noteOwnUnit(unit: number): Promise<void>
  ask(node: string): Promise<AskNode>
  /** Sends from the customer's account and adds what it cost. */
  send(call: ChainCall): Promise<void>
  /** Lets Payments take at least that much. */
  ensureAllowance(amountWei: bigint): Promise<void>
  /** The customer's own engine with the scene, opened when it is first needed, anew when it died. */
  engine(): Promise<JobEngine>
  close(): void
}

/** A task that was given to somebody. */
export type DrawnTask = RenderTask & { readonly node: string }

/** What the chain says of a job at one moment. */
export type Snapshot = {
  readonly nowSeconds: number
  readonly block: number
  readonly job: RenderJobEntry
  readonly units: readonly RenderUnitEntry[]
  readonly tasks: readonly DrawnTask[]
  readonly roots: ReadonlyMap<number, RevealedRoots>
  readonly keys: ReadonlyMap<number, string>
}

const transactionTimeoutMs = 120_000
const pageSize = 200

export function createJobRun(o: {
  customer: RenderCustomer
  timing: RenderTiming
  folder: JobFolder
  scene: Uint8Array<ArrayBuffer>
  journal: Journal
  signal: AbortSignal
  patience?: Patience
}): JobRun {
  const { customer, folder, signal } = o
  const { chain, sender } = customer
  const asks = new Map<string, Promise<AskNode>>()
  let { journal } = o
  let engine: Promise<JobEngine> | null = null
  /** One change after the other, each on disk before the next. */
  let saving: Promise<void> = Promise.resolve()
  const update = (change: (before: Journal) => Journal): Promise<void> => {
    journal = change(journal)
    saving = saving.then(() => folder.save(journal))
    return saving
  }
  const send = async (call: ChainCall): Promise<void> => {
    const receipt = await sender.send(call, { timeoutMs: transactionTimeoutMs, signal })
    await update((before) => ({ ...before, gasWei: (BigInt(before.gasWei) + receipt.fee).toString() }))
  }
  const openEngine = async (): Promise<JobEngine> => {
    const { job, backEnd } = journal
    const opened = await openJobEngine({
      ...{
        openSurface: customer.openSurface,
        job,
        scene: o.scene,
        limits: usualSceneLimits,
        backEnd,
        log: customer.log,
        signal,
      },
      ...(o.patience === undefined ? {} : { patience: o.patience }),
    })
    return opened
  }
  return {
    ...{ customer, timing: o.timing, folder, scene: o.scene, signal },
    journal: () => journal,
    note: (task) =>
      update((before) => ({ ...before, tasks: [...before.tasks.filter((note) => note.task !== task.task), task] })),
    noteOwnUnit: (unit) => update((before) => ({ ...before, ownUnits: [...new Set([...before.ownUnits, unit])] })),
    ask(node) {
      const known = asks.get(node) ?? openAsk(customer, node, signal)
      asks.set(node, known)
      known.catch(() => asks.delete(node))
      return known
    },
    send,
    async ensureAllowance(amountWei) {
      if ((await readAllowance(chain, customer.wallet.address)) < amountWei)
        await send(encodeApprove(chain.network, { amountWei }))
    },
    engine() {
      engine ??= openEngine()
      engine.catch(() => (engine = null))
      return engine
    },
    close() {
      void engine?.then((opened) => opened.close()).catch(() => undefined)
      engine = null
    },
  }
}

export async function openAsk(customer: RenderCustomer, node: string, signal: AbortSignal): Promise<AskNode> {
  const entry = await readNode(customer.chain, node)
  if (entry === null) throw new Error(`Node ${node} is not in the registry.`)
  const peerId = peerIdOfPublicKey(getBytes(entry.publicKey))
  const { chainId, contracts } = customer.chain.network
  const network = { chainId, market: contracts.RenderMarket }
  return createAskNode({ node: customer.node, peerId, network, signal })
}

/** Reads all that was drawn of a job. Throws where the chain has no such job. */
export async function readSnapshot(run: JobRun): Promise<Snapshot> {
  const { chain } = run.customer
  const { jobId, postedAtBlock, replicas } = run.journal()
  const [head, job] = await Promise.all([readLatestBlock(chain), readRenderJob(chain, jobId)])
  if (job === null) throw new Error(`The chain has no job ${jobId}.`)
  const range = { jobId, fromBlock: postedAtBlock, toBlock: head.number }
  const [units, tasks, events] = await Promise.all([
    pages((from, count) => readRenderUnits(chain, jobId, { from, count }), job.drawnUnits),
    pages((from, count) => readRenderTasks(chain, { jobId, replicas }, { from, count }), job.drawnUnits * replicas),
    readRenderEvents(chain, { ...range, names: ['TaskRevealed', 'TaskPaid'] }),
  ])
  const drawn = tasks.flatMap((task) => (task.node === null ? [] : [{ ...task, node: task.node }]))
  return {
    ...{ nowSeconds: head.timestampSeconds, block: head.number, job, units, tasks: drawn },
    // Of a task that was drawn twice the later one counts.
    roots: new Map(events.flatMap((event) => (event.kind === 'taskRevealed' ? [[event.task, event] as const] : []))),
    keys: new Map(events.flatMap((event) => (event.kind === 'taskPaid' ? [[event.task, event.key] as const] : []))),
  }
}

async function pages<T>(read: (from: number, count: number) => Promise<T[]>, total: number): Promise<T[]> {
  const all: T[] = []
  for (let from = 0; from < total; from += pageSize) all.push(...(await read(from, Math.min(pageSize, total - from))))
  return all
}

/** Tasks of a unit, by its number. */
export function tasksOfUnit(snapshot: Snapshot, unit: number): readonly DrawnTask[] {
  const { replicas } = snapshot.job.terms
  return snapshot.tasks.slice(unit * replicas, (unit + 1) * replicas)
}
