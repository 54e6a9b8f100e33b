import { hexlify } from 'ethers'
import {
  encodeCommitRender,
  encodeReleaseRender,
  encodeRevealRender,
  readRenderEvents,
  readRenderTasks,
  readRenderUnits,
  renderCommitment,
  type Chain,
  type ChainCall,
  type RenderTask,
  type RenderUnitEntry,
} from '../../../contracts/client/index.ts'
import type { SubmitRequest, SubmitResult } from '../../api/messages.ts'
import type { RoleContext } from '../../api/worker.ts'
import type { SealedResult } from '../protocol/seal-result.ts'
import type { BookedJob, BookedTask, TaskBook } from './task-book.ts'
import type { TaskFiles } from './task-files.ts'
import type { ResultShelf } from './result-shelf.ts'

export type HandInParts = {
  readonly context: Pick<RoleContext, 'start' | 'sign' | 'submit' | 'emit' | 'changed' | 'log'>
  readonly chain: Chain
  readonly book: TaskBook
  readonly files: TaskFiles
  readonly shelf: ResultShelf
  readonly silenceSeconds: number
}

/** A task as both sides have it. */
type Matched = { readonly task: BookedTask; readonly facts: RenderTask; readonly unit: RenderUnitEntry }

/**
 * Brings every task a step further: commits what is rendered, reveals once that counts, gives keys away where they are paid for, and notes how
 * tasks ended. Reads the chain anew each time, so it goes on after a kill, a reorganization or a lost receipt where the chain stands.
 */
export async function handIn(parts: HandInParts, nowSeconds: number, signal: AbortSignal): Promise<void> {
  const open = parts.book.tasksIn('waiting', 'rendered', 'committed', 'revealed', 'failed')
  const jobs = new Map<string, BookedTask[]>()
  for (const task of open) jobs.set(task.jobId, [...(jobs.get(task.jobId) ?? []), task])
  for (const [jobId, tasks] of jobs) {
    try {
      await handInJob(parts, parts.book.job(jobId)!, tasks, nowSeconds, signal)
    } catch (error) {
      if (signal.aborted) return
      parts.context.log.warn('Handing in did not go through; it is tried again.', { jobId, error: String(error) })
    }
  }
}

async function handInJob(
  parts: HandInParts,
  job: BookedJob,
  tasks: readonly BookedTask[],
  nowSeconds: number,
  signal: AbortSignal,
): Promise<void> {
  const matched = await Promise.all(tasks.map((task) => match(parts.chain, job, task)))
  const ours = matched.filter(({ task, facts }) => noteEnd(parts, job, task, facts))
  const inState = (state: RenderTask['state']) => ours.filter(({ facts }) => facts.state === state)
  await commit(
    parts,
    job,
    inState('drawn').filter(({ task, unit }) => task.state === 'rendered' && nowSeconds < unit.commitBySeconds),
    signal,
  )
  await reveal(
    parts,
    job,
    inState('committed').filter(({ task, unit }) => task.salt !== null && mayReveal(unit, job, nowSeconds)),
    signal,
  )
  const silent = inState('revealed').filter(({ facts }) => nowSeconds >= facts.changedAtSeconds + parts.silenceSeconds)
  await release(
    parts,
    job,
    [...inState('accepted'), ...silent].filter(({ task }) => task.key !== null),
    signal,
  )
}

async function match(chain: Chain, job: BookedJob, task: BookedTask): Promise<Matched> {
  const index = Math.floor(task.task / job.replicas)
  const [[facts], [unit]] = await Promise.all([
    readRenderTasks(chain, job, { from: task.task, count: 1 }),
    readRenderUnits(chain, job.jobId, { from: index, count: 1 }),
  ])
  if (facts === undefined || unit === undefined) throw new Error(`The chain has no task ${task.task} of ${job.jobId}.`)
  return { task, facts, unit }
}

/** Reveals count once all replicas have committed, else from the end of the time to commit. */
function mayReveal(unit: RenderUnitEntry, job: BookedJob, nowSeconds: number): boolean {
  const all = unit.committed === job.replicas
  return (all || nowSeconds >= unit.revealFromSeconds) && nowSeconds < unit.revealBySeconds
}

/** Notes how a task ended, or how far it is. False where nothing is left to do for it. */
function noteEnd(parts: HandInParts, job: BookedJob, task: BookedTask, facts: RenderTask): boolean {
  const { context, book } = parts
  const ours = facts.node?.toLowerCase() === context.start.node.toLowerCase()
  const named = { jobId: job.jobId, unit: Math.floor(task.task / job.replicas), customer: job.customer }
  if (!ours || facts.state === 'missed') {
    // A redraw gave the task to somebody else, or its time was missed.
    book.move(job.jobId, task.task, task.state === 'failed' ? 'failed' : 'missed')
    void parts.files.remove(job.jobId, task.task)
    if (task.state !== 'failed')
      context.emit({ kind: 'renderUnitFailed', ...named, code: 'TIME_MISSED', message: 'The time for it ran out.' })
    context.changed()
    return false
  }
  if (facts.state === 'refused') {
    book.move(job.jobId, task.task, 'refused', { reason: 'The customer did not take it.' })
    void parts.files.remove(job.jobId, task.task)
    context.emit({ kind: 'renderUnitRefused', ...named, message: 'What was handed in is not what was asked for.' })
    context.changed()
    return false
  }
  if (facts.state === 'committed' && task.state === 'rendered') book.move(job.jobId, task.task, 'committed')
  if (facts.state === 'revealed' && task.state === 'committed') book.move(job.jobId, task.task, 'revealed')
  if (facts.state === 'paid')
    void notePaid(parts, job, task).catch((error: unknown) =>
      context.log.warn('A payment could not be read.', { error: String(error) }),
    )
  return facts.state !== 'paid' && task.state !== 'failed'
}

/** The payment may have been sent by anybody, so its transaction is looked up. */
async function notePaid(parts: HandInParts, job: BookedJob, task: BookedTask): Promise<void> {
  const { context, book } = parts
  const payment = await paymentOf(parts, job, task.task)
  if (payment === undefined || book.task(job.jobId, task.task)?.state === 'paid') return
  book.move(job.jobId, task.task, 'paid', { paidWei: job.priceWei })
  book.setNote('lastPaidAtMs', String(Date.now()))
  context.emit({
    kind: 'renderUnitAccepted',
    ...{ jobId: job.jobId, unit: Math.floor(task.task / job.replicas), customer: job.customer },
    ...{ paidWei: job.priceWei.toString(), transactionHash: payment.transactionHash, blockNumber: payment.blockNumber },
  })
  context.changed()
}

async function paymentOf({ chain, context }: HandInParts, job: BookedJob, task: number) {
  const filter = {
    jobId: job.jobId,
    node: context.start.node,
    fromBlock: 0,
    toBlock: await chain.provider.getBlockNumber(),
  }
  const events = await readRenderEvents(chain, { ...filter, names: ['TaskPaid'] })
  return events.find((event) => event.kind === 'taskPaid' && event.task === task)
}

async function commit(
  parts: HandInParts,
  job: BookedJob,
  matched: readonly Matched[],
  signal: AbortSignal,
): Promise<void> {
  if (matched.length === 0) return
  const { context, chain, book } = parts
  const { node } = context.start
  const tasks = matched.map(({ task }) => task.task)
  const commitments = await Promise.all(
    matched.map(async ({ task }) => {
      const sealed = await parts.shelf.sealed(job, task)
      const unit = Math.floor(task.task / job.replicas)
      return renderCommitment({ jobId: job.jobId, unit, node, salt: hexlify(task.salt!), ...rootsOf(sealed) })
    }),
  )
  const signature = await context.sign({ kind: 'renderCommit', jobId: job.jobId, tasks, commitments }, { signal })
  const sent = await send(
    parts,
    'renderCommit',
    encodeCommitRender(chain.network, { jobId: job.jobId, node, tasks, commitments, signature }),
    signal,
  )
  for (const { task } of matched) {
    book.move(job.jobId, task.task, 'committed')
    context.emit({
      kind: 'renderUnitCommitted',
      ...{ jobId: job.jobId, unit: Math.floor(task.task / job.replicas), customer: job.customer },
      ...{ renderMs: task.renderMs ?? 0, transactionHash: sent.transactionHash },
    })
  }
  context.changed()
}

async function reveal(
  parts: HandInParts,
  job: BookedJob,
  matched: readonly Matched[],
  signal: AbortSignal,
): Promise<void> {
  if (matched.length === 0) return
  const openings = await Promise.all(
    matched.map(async ({ task }) => {
      return { task: task.task, salt: hexlify(task.salt!), ...rootsOf(await parts.shelf.sealed(job, task)) }
    }),
  )
  await send(parts, 'renderReveal', encodeRevealRender(parts.chain.network, { jobId: job.jobId, openings }), signal)
  for (const { task } of matched) parts.book.move(job.jobId, task.task, 'revealed')
  parts.context.changed()
}

async function release(
  parts: HandInParts,
  job: BookedJob,
  matched: readonly Matched[],
  signal: AbortSignal,
): Promise<void> {
  if (matched.length === 0) return
  const { context, chain } = parts
  const releases = await Promise.all(
    matched.map(async ({ task }) => {
      const { resultRoot, cipherRoot } = rootsOf(await parts.shelf.sealed(job, task))
      return { task: task.task, resultRoot, cipherRoot, key: hexlify(task.key!) }
    }),
  )
  await send(
    parts,
    'renderRelease',
    encodeReleaseRender(chain.network, { jobId: job.jobId, node: context.start.node, releases }),
    signal,
  )
  for (const { task } of matched) await notePaid(parts, job, task)
}

function rootsOf({ result, cipher, keyHash }: SealedResult) {
  return { resultRoot: hexlify(result.root), cipherRoot: hexlify(cipher.root), keyHash: hexlify(keyHash) }
}

function send(
  parts: Pick<HandInParts, 'context'>,
  purpose: SubmitRequest['purpose'],
  call: ChainCall,
  signal: AbortSignal,
): Promise<SubmitResult> {
  return parts.context.submit({ purpose, to: call.to, data: call.data }, { signal })
}
