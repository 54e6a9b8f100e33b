import { toEngineSchema, type FromEngine, type ToEngine } from '../protocol/engine-messages.ts'
import { pendingSizes } from '../protocol/add-sums.ts'
import { countCells } from '../protocol/cells.ts'
import { samplesPerBlock } from '../protocol/render-job.ts'
import { SceneRefusedError } from '../protocol/scene/refusal.ts'
import { runBenchmark } from './benchmark.ts'
import type { Engine } from './engine.ts'
import { EngineFailure } from './failure.ts'
import { makePace, type Pace } from './pace.ts'
import { makePreview } from './preview.ts'

/** At most this long between signs of life while a block is drawn, which may take minutes on a slow machine. */
const progressEveryMs = 2_000

type Post = (message: FromEngine) => void
type Request = Exclude<ToEngine, { kind: 'pace' | 'cancel' }>
type RenderMessage = Extract<ToEngine, { kind: 'render' }>

function checkRender({ unit, cells, resume }: RenderMessage): void {
  const most = countCells(unit)
  if (cells !== null && (cells.length === 0 || cells.some((cell) => cell >= most)))
    throw new EngineFailure('badRequest', `The unit has ${most} cells; others were asked for.`)
  if (resume === null) return
  if (resume.blocksDone >= unit.blockCount || pendingSizes(resume.blocksDone).length !== resume.sums.length)
    throw new EngineFailure('badRequest', 'The checkpoint does not belong to this unit.')
}

async function serveRender(
  engine: Engine,
  request: RenderMessage,
  { post, pace, signal }: { post: Post; pace: Pace; signal: AbortSignal },
): Promise<FromEngine> {
  checkRender(request)
  const { id, unit, cells, resume } = request
  pace.set(request.dutyShare)
  const startMs = performance.now()
  let previewAtMs = startMs
  let toldAtMs = startMs
  const sums = await engine.render({
    unit,
    cells,
    resume,
    pace,
    signal,
    onDraw(samplesDone) {
      if (performance.now() - toldAtMs < progressEveryMs) return
      toldAtMs = performance.now()
      post({ kind: 'progress', id, blocksDone: Math.floor(samplesDone / samplesPerBlock), samplesDone })
    },
    onBlock(blocksDone, pending) {
      post({ kind: 'progress', id, blocksDone, samplesDone: blocksDone * samplesPerBlock })
      if (blocksDone < unit.blockCount)
        post({ kind: 'checkpoint', id, blocksDone, sums: pending.map((range) => range.sums.slice()) })
      const isDue = request.previewEveryMs !== null && performance.now() - previewAtMs >= request.previewEveryMs
      if (cells !== null || request.previewEveryMs === null || (!isDue && blocksDone < unit.blockCount)) return
      previewAtMs = performance.now()
      const preview = makePreview(unit, blocksDone, pending)
      if (preview !== null) post({ kind: 'preview', id, ...preview })
    },
  })
  return { kind: 'rendered', id, sums, renderMs: performance.now() - startMs }
}

async function answer(
  engine: Engine,
  request: Request,
  means: { post: Post; pace: Pace; signal: AbortSignal },
): Promise<FromEngine> {
  const { id } = request
  switch (request.kind) {
    case 'probe':
      return { kind: 'probed', id, facts: await engine.probe() }
    case 'load':
      return { kind: 'loaded', id, scene: await engine.load(request, means.signal) }
    case 'render':
      return await serveRender(engine, request, means)
    case 'benchmark': {
      const { pace, signal } = means
      pace.set(1)
      const megasamplesPerSecond = await runBenchmark(engine, { seconds: request.seconds, pace, signal })
      return { kind: 'benchmarked', id, facts: await engine.probe(), backEnd: 'webgl2', megasamplesPerSecond }
    }
  }
}

function explain(id: number, error: unknown): FromEngine {
  if (error instanceof SceneRefusedError) {
    const message = error.action === null ? error.message : `${error.message} ${error.action}`
    return { kind: 'refused', id, code: error.code, message }
  }
  if (error instanceof EngineFailure) return { kind: 'failed', id, code: error.code, message: error.message }
  const isMemory = error instanceof RangeError && /alloc|length/i.test(error.message)
  const code = isMemory ? 'outOfMemory' : 'unexpected'
  return { kind: 'failed', id, code, message: error instanceof Error ? error.message : String(error) }
}

/**
 * Does what messages ask for, one request after the other, and answers each once. `pace` and `cancel` work at once, also on
 * requests that still wait. Returns what to call with each message.
 */
export function serveEngine(engine: Engine, post: Post): (message: unknown) => void {
  const pace = makePace()
  const waiting = new Map<number, AbortController>()
  let last: Promise<void> = Promise.resolve()

  function enqueue(request: Request): void {
    const controller = new AbortController()
    waiting.set(request.id, controller)
    const { signal } = controller
    last = last.then(async () => {
      try {
        if (signal.aborted) throw new EngineFailure('cancelled', 'The work was cancelled before it began.')
        post(await answer(engine, request, { post, pace, signal }))
      } catch (error) {
        post(explain(request.id, signal.aborted ? new EngineFailure('cancelled', 'The work was cancelled.') : error))
      } finally {
        waiting.delete(request.id)
      }
    })
  }

  return (message) => {
    const parsed = toEngineSchema.safeParse(message)
    if (!parsed.success) {
      const id = (message as { id?: unknown } | null)?.id
      const reason = `The engine does not understand the message: ${parsed.error.issues[0]?.message ?? 'unknown kind'}.`
      if (typeof id === 'number') post({ kind: 'failed', id, code: 'badRequest', message: reason })
    } else if (parsed.data.kind === 'pace') pace.set(parsed.data.dutyShare)
    else if (parsed.data.kind === 'cancel') waiting.get(parsed.data.id)?.abort()
    else enqueue(parsed.data)
  }
}
