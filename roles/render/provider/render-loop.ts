import { randomBytes } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { OpenRenderSurface } from '../../api/render-surface.ts'
import type { RoleContext } from '../../api/worker.ts'
import type { BackEnd, SceneLimits } from '../protocol/engine-messages.ts'
import { unitOf } from '../protocol/plan-units.ts'
import { samplesPerBlock, type RenderJob, type RenderUnit } from '../protocol/render-job.ts'
import { watermarkPreview, type Preview } from '../protocol/watermark.ts'
import type { Patience } from '../surface/engine-channel.ts'
import type { Checkpoint } from '../surface/engine-client.ts'
import { SceneRefusedError } from '../surface/errors.ts'
import { openJobEngine, type JobEngine } from '../surface/job-engine.ts'
import { renderDishonestly, type Misbehaviour } from './misbehave.ts'
import type { SceneStore } from './scene-store.ts'
import type { BookedJob, BookedTask, TaskBook } from './task-book.ts'
import type { TaskFiles } from './task-files.ts'

/** What is being rendered now. */
export type Current = {
  readonly jobId: string
  readonly task: number
  readonly unit: RenderUnit
  readonly customer: string
  readonly startedAtMs: number
  readonly samplesDone: number
  readonly samplesTotal: number
}

export type RenderLoop = {
  /** Renders whatever waits until `signal` fires. Never rejects. */
  run(signal: AbortSignal): Promise<void>
  /** Something may be ready to render: look now. */
  poke(): void
  current(): Current | null
  /** Marked, of the unit that is rendered or of the last ones that were. */
  preview(jobId: string, task: number): Preview | null
  /** The newest preview without marks, for this machine's own window. */
  ownPreview(): Preview | null
}

export type RenderLoopParts = {
  readonly context: Pick<RoleContext, 'allowance' | 'onAllowance' | 'emit' | 'changed' | 'log'>
  readonly openSurface: OpenRenderSurface
  readonly book: TaskBook
  readonly files: TaskFiles
  readonly scenes: SceneStore
  readonly limits: SceneLimits
  readonly patience?: Patience
  /** The back end for which this node is in the pool; null for the fastest. */
  backEnd(): BackEnd | null
  /** Seconds since 1970 as the chain counts them. */
  nowSeconds(): number
  readonly misbehave: Misbehaviour | null
}

/** A unit whose window died is tried so often in all. */
const mostTries = 3
const idleMs = 1_000
/** An open window without work is kept this long for the next unit of its job. */
const keepEngineMs = 15_000
/** Units of so little time that a checkpoint would cost more than it saves. */
const checkpointEveryMs = 3_000
const previewEveryMs = 2_000
const previewsKept = 16

export function createRenderLoop(parts: RenderLoopParts): RenderLoop {
  return new Loop(parts)
}

class Loop implements RenderLoop {
  readonly #parts: RenderLoopParts
  readonly #previews = new Map<string, Preview>()
  #current: Current | null = null
  #engine: { readonly jobId: string; readonly engine: JobEngine } | null = null
  #ownPreview: Preview | null = null
  #idleSinceMs = Infinity
  #wake = (): void => undefined

  constructor(parts: RenderLoopParts) {
    this.#parts = parts
  }

  poke(): void {
    this.#wake()
  }

  current = (): Current | null => this.#current
  ownPreview = (): Preview | null => this.#ownPreview
  preview = (jobId: string, task: number): Preview | null => this.#previews.get(`${jobId} ${task}`) ?? null

  async run(signal: AbortSignal): Promise<void> {
    const undo = this.#parts.context.onAllowance(() => {
      this.#engine?.engine.pace(this.#duty())
      this.#wake()
    })
    while (!signal.aborted) {
      const next = this.#duty() > 0 ? await this.#next() : null
      if (next !== null) await this.#renderTask(next.job, next.spec, next.task, signal)
      else await this.#rest(signal)
    }
    undo()
    this.#closeEngine()
  }

  /** Share of the time that may be rendered now; 0 pauses. */
  #duty(): number {
    const { work, gpuShare } = this.#parts.context.allowance()
    return work === 'paused' ? 0 : (gpuShare ?? 1)
  }

  /** The most urgent task whose scene is here and whose time is not over. */
  async #next(): Promise<{ job: BookedJob; spec: RenderJob; task: BookedTask } | null> {
    const { book, scenes } = this.#parts
    for (const task of book.tasksIn('waiting')) {
      const job = book.job(task.jobId)
      if (job === null || job.spec === null || task.commitBySeconds <= this.#parts.nowSeconds()) continue
      if (await scenes.has(job.sceneHash)) return { job, spec: job.spec, task }
    }
    return null
  }

  async #rest(signal: AbortSignal): Promise<void> {
    this.#idleSinceMs = Math.min(this.#idleSinceMs, Date.now())
    if (Date.now() - this.#idleSinceMs > keepEngineMs) this.#closeEngine()
    const woken = new AbortController()
    this.#wake = () => woken.abort()
    await wait(idleMs, undefined, { signal: AbortSignal.any([signal, woken.signal]), ref: false }).catch(
      () => undefined,
    )
  }

  async #renderTask(job: BookedJob, spec: RenderJob, task: BookedTask, signal: AbortSignal): Promise<void> {
    const { context, book, files } = this.#parts
    this.#idleSinceMs = Infinity
    const unit = unitOf(spec, Math.floor(task.task / job.replicas))
    const named = { jobId: job.jobId, unit: unit.index, customer: job.customer }
    if (task.tries === 0) context.emit({ kind: 'renderUnitStarted', ...named, frame: unit.frame })
    book.noteTry(job.jobId, task.task)
    this.#current = {
      ...{ jobId: job.jobId, task: task.task, unit, customer: job.customer, startedAtMs: Date.now() },
      ...{ samplesDone: 0, samplesTotal: unit.blockCount * samplesPerBlock },
    }
    context.changed()
    try {
      const engine = await this.#engineFor(job, spec, signal)
      const { sums, renderMs } = await this.#render(engine, job, task, unit, signal)
      await files.saveSums(job.jobId, task.task, sums)
      const secrets = { salt: secret(), key: secret(), backEnd: engine.scene.backEnd, renderMs }
      book.noteRendered(job.jobId, task.task, secrets)
    } catch (error) {
      // A window that failed once is not used again.
      this.#closeEngine()
      if (!signal.aborted) this.#failed(named, task, error)
    } finally {
      this.#current = null
      context.changed()
    }
  }

  #failed(named: { jobId: string; unit: number; customer: string }, task: BookedTask, error: unknown): void {
    const { context, book } = this.#parts
    const message = error instanceof Error ? error.message : String(error)
    const final = error instanceof SceneRefusedError || task.tries + 1 >= mostTries
    context.log.warn('A unit could not be rendered.', { ...named, message, final })
    if (!final) return
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'UNEXPECTED'
    book.move(task.jobId, task.task, 'failed', { reason: message })
    context.emit({ kind: 'renderUnitFailed', ...named, code, message: message.slice(0, 300) })
  }

  async #engineFor(job: BookedJob, spec: RenderJob, signal: AbortSignal): Promise<JobEngine> {
    if (this.#engine?.jobId === job.jobId) return this.#engine.engine
    this.#closeEngine()
    const { openSurface, limits, patience, context } = this.#parts
    const scene = await this.#parts.scenes.read(job.sceneHash)
    const engine = await openJobEngine({
      ...{ openSurface, job: spec, scene, limits, backEnd: this.#parts.backEnd(), log: context.log, signal },
      ...(patience === undefined ? {} : { patience }),
    })
    this.#engine = { jobId: job.jobId, engine }
    return engine
  }

  #closeEngine(): void {
    this.#engine?.engine.close()
    this.#engine = null
  }

  async #render(engine: JobEngine, job: BookedJob, task: BookedTask, unit: RenderUnit, signal: AbortSignal) {
    const { files, misbehave } = this.#parts
    const saving = createCheckpointSaver((checkpoint) => files.saveCheckpoint(job.jobId, task.task, checkpoint))
    const options = {
      ...{ unit, dutyShare: this.#duty(), previewEveryMs, signal },
      onProgress: ({ samplesDone }: { samplesDone: number }) => this.#progress(samplesDone),
      onPreview: (preview: Preview) => this.#keepPreview(`${job.jobId} ${task.task}`, preview),
      onCheckpoint: saving.offer,
    }
    try {
      if (misbehave !== null) return await renderDishonestly(engine, misbehave, options)
      return await engine.render({ ...options, resume: await files.readCheckpoint(job.jobId, task.task) })
    } finally {
      await saving.idle()
    }
  }

  #progress(samplesDone: number): void {
    if (this.#current === null) return
    this.#current = { ...this.#current, samplesDone }
    this.#parts.context.changed()
  }

  #keepPreview(name: string, preview: Preview): void {
    this.#ownPreview = preview
    this.#previews.delete(name)
    this.#previews.set(name, watermarkPreview(preview))
    const [oldest] = this.#previews.keys()
    if (this.#previews.size > previewsKept && oldest !== undefined) this.#previews.delete(oldest)
  }
}

function secret(): Uint8Array {
  return Uint8Array.from(randomBytes(32))
}

/** Writes a checkpoint now and then, never two at a time; a failed write costs only what it would have saved. */
function createCheckpointSaver(save: (checkpoint: Checkpoint) => Promise<void>) {
  let lastMs = Date.now()
  let saving: Promise<void> | null = null
  return {
    offer(checkpoint: Checkpoint): void {
      if (saving !== null || Date.now() - lastMs < checkpointEveryMs) return
      lastMs = Date.now()
      saving = save(checkpoint)
        .catch(() => undefined)
        .finally(() => (saving = null))
    },
    idle: async (): Promise<void> => void (await saving),
  }
}
