import type { OpenRenderSurface, RenderSurface } from '../../api/render-surface.ts'
import { cellsOfSums } from '../protocol/result-tree.ts'
import type { BackEnd, FromEngine, ToEngine } from '../protocol/engine-messages.ts'
import type { RenderJob, RenderUnit } from '../protocol/render-job.ts'
import { samplesPerBlock } from '../protocol/render-job.ts'
import { renderCells, renderSums, softwareScene, type Departure, type SoftwareScene } from './software-renderer.ts'

/** How a surface of the test double behaves. */
export type SoftwareSurfaceOptions = {
  readonly backEnd?: BackEnd
  /** Time that one block of samples takes. */
  readonly blockMs?: number
  readonly departure?: Departure
  /** Never answers a request to render: the scene that hangs a graphics processor. */
  readonly hangs?: boolean
  /** Ends by itself after so many blocks: the driver that crashes. */
  readonly diesAfterBlocks?: number
  readonly megasamplesPerSecond?: number
  /** Told of every unit that is begun, with the blocks that a checkpoint saved. */
  readonly onRender?: (unit: RenderUnit, resumedBlocks: number) => void
}

/**
 * A surface without a window: speaks the engine's messages and renders with `software-renderer.ts`. A stand-in for a graphics processor, for tests
 * of the protocol around it; it does not test the path tracer.
 */
export function openSoftwareSurfaces(options: SoftwareSurfaceOptions = {}): OpenRenderSurface {
  return () => Promise.resolve(createSoftwareSurface(options))
}

function createSoftwareSurface(options: SoftwareSurfaceOptions): RenderSurface {
  const listeners = new Set<(message: unknown) => void>()
  const closers = new Set<(reason: string) => void>()
  const tell = (message: FromEngine): void => {
    for (const listener of listeners) listener(structuredClone(message))
  }
  let open = true
  const close = (reason: string): void => {
    if (!open) return
    open = false
    engine.stop()
    for (const closer of closers) closer(reason)
    closers.clear()
  }
  const engine = createEngine(options, tell, close)
  setTimeout(() => tell({ kind: 'booted' }), 0)
  return {
    post: (message) => open && engine.receive(structuredClone(message) as ToEngine),
    onMessage(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    onClose(listener) {
      closers.add(listener)
      return () => closers.delete(listener)
    },
    close: () => close('closed by its owner'),
  }
}

type Loaded = { readonly scene: SoftwareScene; readonly job: RenderJob }
type RenderRequest = Extract<ToEngine, { kind: 'render' }>

function createEngine(
  options: SoftwareSurfaceOptions,
  tell: (message: FromEngine) => void,
  die: (why: string) => void,
) {
  const backEnd = options.backEnd ?? 'webgl2'
  const facts = { backEnds: [backEnd], device: 'arithmetic (test double)', software: true, maxTextureSize: 4096 }
  let [loaded, dutyShare]: [Loaded | null, number] = [null, 1]
  const running = new Map<number, ReturnType<typeof setTimeout>>()
  let blocksEver = 0

  function render(request: RenderRequest, { scene, job }: Loaded): void {
    const { id, unit, cells, resume } = request
    dutyShare = request.dutyShare
    let done = resume?.blocksDone ?? 0
    options.onRender?.(unit, done)
    const step = (): void => {
      if (dutyShare === 0) return void running.set(id, setTimeout(step, 5))
      done++
      blocksEver++
      if (blocksEver === options.diesAfterBlocks) return die('the driver crashed')
      tell({ kind: 'progress', id, blocksDone: done, samplesDone: done * samplesPerBlock })
      if (cells === null && done < unit.blockCount)
        tell({ kind: 'checkpoint', id, blocksDone: done, sums: pendingSums(scene, job, unit, done) })
      if (request.previewEveryMs !== null)
        tell({ kind: 'preview', id, width: 2, height: 2, rgba: new Uint8Array(16).fill(99) })
      if (done < unit.blockCount) return void running.set(id, setTimeout(step, options.blockMs ?? 0))
      running.delete(id)
      const sums =
        cells === null
          ? renderSums(scene, job, unit, options.departure)
          : renderCells(scene, job, unit, cells, options.departure)
      tell({ kind: 'rendered', id, sums, renderMs: 1 })
    }
    running.set(id, setTimeout(step, options.blockMs ?? 0))
  }

  return {
    receive(message: ToEngine): void {
      switch (message.kind) {
        case 'probe':
          return tell({ kind: 'probed', id: message.id, facts })
        case 'benchmark': {
          const megasamplesPerSecond = options.megasamplesPerSecond ?? 1
          return tell({ kind: 'benchmarked', id: message.id, facts, backEnd, megasamplesPerSecond })
        }
        case 'load':
          loaded = { scene: softwareScene(message.scene), job: message.job }
          return tell({ kind: 'loaded', id: message.id, scene: { ...emptyScene, backEnd } })
        case 'render':
          if (loaded === null) return tell({ kind: 'failed', id: message.id, code: 'NOT_LOADED', message: 'No scene.' })
          if (options.hangs !== true) render(message, loaded)
          return
        case 'pace':
          dutyShare = message.dutyShare
          return
        case 'cancel':
          clearTimeout(running.get(message.id))
          running.delete(message.id)
      }
    },
    stop: () => running.forEach((timer) => clearTimeout(timer)),
  }
}

const emptyScene = {
  triangles: 12,
  materials: 1,
  textures: 0,
  lights: 1,
  animationSeconds: 0,
  gpuBytes: 0,
  buildTreeMs: 0,
  shaderMs: 0,
  ignoredExtensions: [],
}

/** What is pending in the tree after so many blocks: one sum for each power of two, largest first. */
function pendingSums(
  scene: SoftwareScene,
  job: RenderJob,
  unit: RenderUnit,
  done: number,
): Float32Array<ArrayBuffer>[] {
  const sums: Float32Array<ArrayBuffer>[] = []
  for (let [at, size] = [0, 2 ** Math.floor(Math.log2(done))]; at < done; size /= 2) {
    if (at + size > done) continue
    sums.push(renderSums(scene, job, { ...unit, firstBlock: unit.firstBlock + at, blockCount: size }))
    at += size
  }
  return sums
}

/** For tests that look at what a surface would have given. */
export const honestCells = (scene: Uint8Array, job: RenderJob, unit: RenderUnit): Uint8Array[] =>
  cellsOfSums(renderSums(softwareScene(scene), job, unit), unit)
