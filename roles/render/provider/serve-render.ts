import { readRenderJob, type Chain } from '../../../contracts/client/index.ts'
import type { RoleContext } from '../../api/worker.ts'
import { sameAddress } from '../../api/values.ts'
import { NetworkError, type FramedStream } from '../../network/index.ts'
import type { Throttle } from '../../upkeep/throttle.ts'
import { hashSpec } from '../protocol/canonical-json.ts'
import { countCells } from '../protocol/cells.ts'
import type { BackEnd, SceneLimits } from '../protocol/engine-messages.ts'
import {
  openingsAllowed,
  questionSchema,
  type Offer,
  type Question,
  type UnitProgress,
  type UnitState,
} from '../protocol/frames.ts'
import { countUnits } from '../protocol/plan-units.ts'
import { samplesPerBlock } from '../protocol/render-job.ts'
import { RefusedError } from './errors.ts'
import { unitOfTask, type ResultShelf } from './result-shelf.ts'
import type { RenderLoop } from './render-loop.ts'
import type { SceneStore } from './scene-store.ts'
import type { BookedJob, BookedTask, LocalState, TaskBook } from './task-book.ts'

/** What the answers are made of. */
export type ServeParts = {
  readonly context: Pick<RoleContext, 'start' | 'allowance' | 'log'>
  readonly chain: Chain
  readonly book: TaskBook
  readonly scenes: SceneStore
  readonly shelf: ResultShelf
  readonly loop: RenderLoop
  readonly limits: SceneLimits
  readonly upload: Throttle
  readonly download: Throttle
  /** Throws RefusedError badScene where the engine would not take these bytes. */
  checkScene(bytes: Uint8Array): void
  offer(): Omit<Offer, 'kind' | 'taking'>
  taking(): boolean
  /** Whether a peer sits on a panel about a task here, and may see these cells. */
  onPanel(peer: string, jobId: string, task: number, cells: readonly number[]): Promise<boolean>
}

/** Between two questions on one stream. */
const idleTimeoutMs = 120_000
/** Slowest peer that is waited for. */
const slowestBytesPerSecond = 16 * 1024
const leastTransferMs = 30_000

/** Answers questions one after the other until the customer closes the stream. */
export async function serveRender(parts: ServeParts, stream: FramedStream): Promise<void> {
  while (true) {
    const question = await nextQuestion(stream)
    if (question === null) return
    try {
      await answer(parts, stream, question)
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error
      await stream.writeFrame(error.frame())
      // Bytes of a scene that was refused may still be on their way: this stream has lost its place.
      if (question.kind === 'scene') return
    }
  }
}

async function nextQuestion(stream: FramedStream): Promise<Question | null> {
  try {
    return await stream.readFrame(questionSchema, { timeoutMs: idleTimeoutMs })
  } catch (error) {
    if (error instanceof NetworkError && error.code === 'STREAM_CLOSED') return null
    throw error
  }
}

async function answer(parts: ServeParts, stream: FramedStream, question: Question): Promise<void> {
  switch (question.kind) {
    case 'info':
      assertSameNetwork(parts, question)
      return stream.writeFrame({ kind: 'offer', taking: parts.taking(), ...parts.offer() })
    case 'announce':
      assertSameNetwork(parts, question)
      return announce(parts, stream, question)
    case 'scene':
      return takeScene(parts, stream, question)
    case 'progress':
      return progress(parts, stream, question)
    case 'preview':
      return preview(parts, stream, question)
    case 'ciphertext':
      return ciphertext(parts, stream, question)
    case 'open':
      return openCells(parts, stream, question)
  }
}

function assertSameNetwork(parts: ServeParts, question: { chainId: number; market: string }): void {
  const { chainId, contracts } = parts.chain.network
  if (question.chainId === chainId && sameAddress(question.market, contracts.RenderMarket)) return
  throw new RefusedError('wrongNetwork', `This node works on chain ${chainId}.`)
}

type Ask<Kind extends Question['kind']> = Extract<Question, { kind: Kind }>

/** The job and this peer's right to ask about it: it is the customer, or (for scenes and cells of a dispute) on the panel. */
function jobFor(parts: ServeParts, stream: FramedStream, jobId: string): BookedJob {
  const job = parts.book.job(jobId)
  if (job === null) throw new RefusedError('unknownJob', 'Nothing of this job was drawn for this node yet.')
  if (!sameAddress(job.customer, stream.remoteAddress))
    throw new RefusedError('notYourJob', 'This job is of another customer.')
  return job
}

async function announce(parts: ServeParts, stream: FramedStream, { jobId, job: spec }: Ask<'announce'>): Promise<void> {
  const job = jobFor(parts, stream, jobId)
  if (`0x${Buffer.from(hashSpec(spec)).toString('hex')}` !== job.specHash || spec.sceneHash !== job.sceneHash)
    throw new RefusedError('wrongSpec', 'This is not the job whose hash is on the chain.')
  if (spec.sceneBytes > parts.limits.sceneBytes)
    throw new RefusedError('tooLarge', `Scenes of at most ${parts.limits.sceneBytes} bytes are rendered here.`)
  const facts = await readRenderJob(parts.chain, jobId)
  if (facts?.terms.unitCount !== countUnits(spec))
    throw new RefusedError('wrongSpec', 'The job has another number of units on the chain.')
  parts.book.setSpec(jobId, spec)
  const needScene = !(await parts.scenes.has(job.sceneHash))
  if (!needScene) parts.loop.poke()
  await stream.writeFrame({ kind: 'announced', needScene })
}

async function takeScene(parts: ServeParts, stream: FramedStream, question: Ask<'scene'>): Promise<void> {
  const { book, scenes, loop } = parts
  const { spec, sceneHash } = jobFor(parts, stream, question.jobId)
  if (spec === null) throw new RefusedError('unknownJob', 'Announce the job before its scene.')
  if (question.lengthBytes !== spec.sceneBytes)
    throw new RefusedError('wrongScene', `The scene of this job has ${spec.sceneBytes} bytes.`)
  const inUse = new Set(book.tasksIn('waiting').map((task) => book.job(task.jobId)!.sceneHash))
  await scenes.makeRoom(question.lengthBytes, inUse)
  await scenes.take({ sceneHash, lengthBytes: question.lengthBytes }, paced(parts, stream, question.lengthBytes))
  try {
    parts.checkScene(await scenes.read(sceneHash))
  } catch (error) {
    await scenes.remove(sceneHash)
    const message = error instanceof Error ? error.message : String(error)
    for (const task of book.tasksOf(question.jobId))
      if (task.state === 'waiting') book.move(question.jobId, task.task, 'failed', { reason: message })
    throw new RefusedError('badScene', message)
  }
  loop.poke()
  await stream.writeFrame({ kind: 'sceneStored' })
}

async function* paced(parts: ServeParts, stream: FramedStream, lengthBytes: number): AsyncGenerator<Uint8Array> {
  const timeoutMs = Math.max(leastTransferMs, (lengthBytes / slowestBytesPerSecond) * 1000)
  for await (const chunk of stream.readBytes(lengthBytes, { timeoutMs })) {
    await parts.download.pass(chunk.length)
    yield chunk
  }
}

const shownStates: Readonly<Record<LocalState, UnitState>> = {
  waiting: 'waiting',
  rendered: 'rendered',
  committed: 'committed',
  revealed: 'revealed',
  paid: 'paid',
  refused: 'failed',
  failed: 'failed',
  missed: 'failed',
}

async function progress(parts: ServeParts, stream: FramedStream, { jobId, units }: Ask<'progress'>): Promise<void> {
  const job = jobFor(parts, stream, jobId)
  const current = parts.loop.current()
  const tasks = parts.book.tasksOf(jobId)
  const shown = units.map((unit): UnitProgress => {
    const task = tasks.find((candidate) => Math.floor(candidate.task / job.replicas) === unit)
    if (task === undefined) return { unit, state: 'unknown', samplesDone: 0, samplesTotal: 0, reason: null }
    const rendering = current?.jobId === jobId && current.task === task.task ? current : null
    const samplesTotal = job.spec === null ? 0 : unitOfTask(job, task.task).blockCount * samplesPerBlock
    const done = ['rendered', 'committed', 'revealed', 'paid'].includes(task.state) ? samplesTotal : 0
    return {
      unit,
      state: rendering === null ? shownStates[task.state] : 'rendering',
      samplesDone: rendering?.samplesDone ?? done,
      samplesTotal,
      reason: task.reason,
    }
  })
  await stream.writeFrame({ kind: 'progress', units: shown })
}

async function preview(parts: ServeParts, stream: FramedStream, { jobId, unit }: Ask<'preview'>): Promise<void> {
  const { task } = taskFor(parts, jobFor(parts, stream, jobId), unit)
  const picture = parts.loop.preview(jobId, task)
  if (picture === null) return stream.writeFrame({ kind: 'preview', width: 0, height: 0 })
  await stream.writeFrame({ kind: 'preview', width: picture.width, height: picture.height })
  await stream.writeBytes([picture.rgba])
}

function taskFor(parts: ServeParts, job: BookedJob, unit: number): BookedTask {
  const task = parts.book.tasksOf(job.jobId).find((candidate) => Math.floor(candidate.task / job.replicas) === unit)
  if (task === undefined) throw new RefusedError('unknownUnit', `Unit ${unit} was not drawn for this node.`)
  return task
}

/** Only what is committed to on chain is shown: before, a node could still change it. */
function assertCommitted({ state }: BookedTask): void {
  if (state !== 'committed' && state !== 'revealed' && state !== 'paid')
    throw new RefusedError('notCommitted', 'This unit is not committed to on the chain now.')
}

async function ciphertext(parts: ServeParts, stream: FramedStream, { jobId, unit }: Ask<'ciphertext'>): Promise<void> {
  const job = jobFor(parts, stream, jobId)
  const task = taskFor(parts, job, unit)
  assertCommitted(task)
  const { ciphertext: bytes, result } = await parts.shelf.sealed(job, task)
  const timeoutMs = Math.max(leastTransferMs, (bytes.length / slowestBytesPerSecond) * 1000)
  const backEnd: BackEnd = task.backEnd!
  await stream.writeFrame({ kind: 'ciphertext', lengthBytes: bytes.length, backEnd })
  await stream.writeBytes(pacedUp(parts, [bytes, ...result.cellHashes]), { timeoutMs })
}

/** Largest part that is handed to the network at once, so that a rate is kept smoothly. */
const partBytes = 64 * 1024

async function* pacedUp(parts: ServeParts, chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) {
    for (let at = 0; at < chunk.length; at += partBytes) {
      const part = chunk.subarray(at, at + partBytes)
      await parts.upload.pass(part.length)
      yield part
    }
  }
}

async function openCells(parts: ServeParts, stream: FramedStream, question: Ask<'open'>): Promise<void> {
  const { jobId, unit, cells } = question
  const job = parts.book.job(jobId)
  if (job === null) throw new RefusedError('unknownJob', 'Nothing of this job was drawn for this node.')
  const task = taskFor(parts, job, unit)
  assertCommitted(task)
  const count = countCells(unitOfTask(job, task.task))
  if (cells.some((cell) => cell >= count)) throw new RefusedError('badRequest', `This unit has ${count} cells.`)
  if (sameAddress(job.customer, stream.remoteAddress)) allowOpening(parts, job, task, cells, count)
  else if (!(await parts.onPanel(stream.remoteAddress, jobId, task.task, cells)))
    throw new RefusedError('notYourJob', 'This job is of another customer.')
  const sealed = await parts.shelf.sealed(job, task)
  const openings = cells.map((index) => ({ index, bytes: sealed.cells[index]!, proof: sealed.result.prove(index) }))
  await stream.writeFrame({ kind: 'openings', cells: openings })
}

/** Who could see all cells would not have to pay; what was shown once may be seen again. */
function allowOpening(
  parts: ServeParts,
  job: BookedJob,
  task: BookedTask,
  cells: readonly number[],
  count: number,
): void {
  const shown = new Set([...task.opened, ...cells])
  if (shown.size > openingsAllowed(count))
    throw new RefusedError(
      'enoughOpened',
      `At most ${openingsAllowed(count)} cells of this unit are shown before it is paid.`,
    )
  if (shown.size > task.opened.length) parts.book.noteOpened(job.jobId, task.task, [...shown])
}
