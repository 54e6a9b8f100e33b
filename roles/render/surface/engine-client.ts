import type { RenderSurface } from '../../api/render-surface.ts'
import type { Log } from '../../api/values.ts'
import type {
  BackEnd,
  EngineFacts,
  FromEngine,
  SceneFacts,
  SceneLimits,
  ToEngine,
} from '../protocol/engine-messages.ts'
import type { RenderJob, RenderUnit } from '../protocol/render-job.ts'
import { EngineChannel, usualPatience, type EngineRequest, type Patience } from './engine-channel.ts'
import { EngineFailedError } from './errors.ts'

/** What an engine says of a unit while it renders it. */
export type RenderListeners = {
  onProgress?(done: { blocksDone: number; samplesDone: number }): void
  onPreview?(preview: { width: number; height: number; rgba: Uint8Array }): void
  onCheckpoint?(checkpoint: Checkpoint): void
}

/** Enough of a unit to go on from. */
export type Checkpoint = { readonly blocksDone: number; readonly sums: Float32Array<ArrayBuffer>[] }

export type RenderOptions = RenderListeners & {
  readonly unit: RenderUnit
  /** Only these cells; null for the whole unit. */
  readonly cells?: readonly number[] | null
  readonly dutyShare?: number
  readonly previewEveryMs?: number | null
  readonly resume?: Checkpoint | null
  readonly signal?: AbortSignal
}

/** An engine in a window that was opened for one job. Everything rejects once the window is gone. */
export type EngineClient = {
  probe(options?: { signal?: AbortSignal }): Promise<EngineFacts>
  benchmark(seconds: number, options?: { signal?: AbortSignal }): Promise<Extract<FromEngine, { kind: 'benchmarked' }>>
  load(
    o: { scene: Uint8Array<ArrayBuffer>; job: RenderJob; limits: SceneLimits; backEnd: BackEnd | null },
    options?: { signal?: AbortSignal },
  ): Promise<SceneFacts>
  render(options: RenderOptions): Promise<{ sums: Float32Array; renderMs: number }>
  /** Slower or faster from the next sample on; 0 pauses. While paused the engine may be silent as long as it likes. */
  pace(dutyShare: number): void
  /** Destroys the window. Idempotent. */
  close(): void
}

/** Talks to the engine in a surface, which it owns from now on. */
export function createEngineClient(surface: RenderSurface, o: { log: Log; patience?: Patience }): EngineClient {
  const patience = o.patience ?? usualPatience
  const channel = new EngineChannel(surface, { log: o.log, bootMs: patience.bootMs })
  return {
    probe: ({ signal } = {}) => channel.ask({ ...probeRequest, silentMs: patience.loadMs, signal }),
    benchmark: (seconds, { signal } = {}) =>
      channel.ask({
        what: 'Measuring the graphics processor',
        silentMs: patience.loadMs + seconds * 1000,
        message: (id) => ({ kind: 'benchmark', id, seconds }),
        settle: (answer) => (answer.kind === 'benchmarked' ? answer : undefined),
        signal,
      }),
    load: (load, { signal } = {}) =>
      channel.ask({
        what: 'Loading the scene',
        silentMs: patience.loadMs,
        message: (id) => ({ kind: 'load', id, ...load }),
        settle: (answer) => (answer.kind === 'loaded' ? answer.scene : undefined),
        signal,
      }),
    render(options) {
      channel.setPaused(options.dutyShare === 0)
      const rendering = channel.ask({
        what: `Rendering unit ${options.unit.index}`,
        silentMs: patience.renderMs,
        message: (id) => renderMessage(id, options),
        settle(answer) {
          tell(options, answer)
          return answer.kind === 'rendered' ? { sums: answer.sums, renderMs: answer.renderMs } : undefined
        },
        signal: options.signal,
      })
      if (options.dutyShare === 0) channel.post({ kind: 'pace', dutyShare: 0 })
      return rendering
    },
    pace(dutyShare) {
      channel.setPaused(dutyShare === 0)
      channel.post({ kind: 'pace', dutyShare })
    },
    close: () => channel.end(new EngineFailedError('SURFACE_CLOSED', 'The rendering window was closed.')),
  }
}

const probeRequest: Pick<EngineRequest<EngineFacts>, 'what' | 'message' | 'settle'> = {
  what: 'Looking at the graphics processor',
  message: (id) => ({ kind: 'probe', id }),
  settle: (answer) => (answer.kind === 'probed' ? answer.facts : undefined),
}

/** A unit that begins while nothing may be done is begun slowly and paused at once: the engine knows no share of 0 there. */
const leastDutyShare = 0.01

function renderMessage(id: number, o: RenderOptions): ToEngine {
  return {
    kind: 'render',
    id,
    unit: o.unit,
    cells: o.cells === undefined || o.cells === null ? null : [...o.cells],
    dutyShare: Math.max(leastDutyShare, o.dutyShare ?? 1),
    previewEveryMs: o.previewEveryMs ?? null,
    resume: o.resume ?? null,
  }
}

function tell(listeners: RenderListeners, message: FromEngine): void {
  if (message.kind === 'progress') listeners.onProgress?.(message)
  if (message.kind === 'preview') listeners.onPreview?.(message)
  if (message.kind === 'checkpoint') listeners.onCheckpoint?.(message)
}
