import type { EngineFacts, SceneFacts, ToEngine } from '../protocol/engine-messages.ts'
import { streamOf } from '../protocol/sampling-hash.ts'
import type { Tracer } from './back-end.ts'
import { EngineFailure } from './failure.ts'
import { prepareScene, type PreparedScene } from './prepare-scene.ts'
import { readImage } from './read-image.ts'
import { renderUnit, type RenderRequest } from './render-unit.ts'
import { Stage, type Picture } from './stage.ts'
import { factsOf } from './webgl/context.ts'

/** What an engine can be asked, one thing after the other. */
export type Engine = {
  probe(): Promise<EngineFacts>
  load(request: Extract<ToEngine, { kind: 'load' }>, signal: AbortSignal): Promise<SceneFacts>
  /** Takes a scene that is already prepared; for the benchmark. */
  use(scene: PreparedScene, picture: Picture): void
  render(request: RenderRequest): Promise<Float32Array<ArrayBuffer>>
}

function checkBackEnd(backEnd: string | null): void {
  if (backEnd !== null && backEnd !== 'webgl2')
    throw new EngineFailure('backEndMissing', `This engine has no ${backEnd} back end on this computer; it has webgl2.`)
}

/** Drivers compile for good at the first draw: one sample of one cell, and that part of loading. */
async function warmUp(tracer: Tracer): Promise<number> {
  const startMs = performance.now()
  tracer.setPicture({ width: 16, height: 16, maxEdges: 1, stream: 0 })
  tracer.setCells(Uint32Array.from([0, 0]), 1)
  await tracer.draw({ firstRow: 0, rows: 1, firstSample: 0, samples: 1, round: 0 })
  return performance.now() - startMs
}

export function makeEngine(): Engine {
  const stage = new Stage()
  let picture: Picture | null = null

  return {
    probe: async () => ({ backEnds: ['webgl2'], ...factsOf(stage.gl) }),
    async load(request, signal) {
      checkBackEnd(request.backEnd)
      stage.use(null)
      const scene = await prepareScene(request.scene, request.limits, (image) => readImage(stage.gl, image))
      picture = request.job
      stage.use(scene)
      try {
        const placed = await stage.place(picture, 0, signal)
        return factsOfScene(scene, placed, placed.shaderMs + (await warmUp(placed.tracer)))
      } catch (error) {
        stage.use(null)
        throw error
      }
    },
    use(scene, chosen) {
      picture = chosen
      stage.use(scene)
    },
    async render(request) {
      if (stage.scene === null || picture === null) throw new EngineFailure('noScene', 'No scene is loaded.')
      const { frame } = request.unit
      const { tracer, size } = await stage.place(picture, frame, request.signal)
      const { width, height, maxBounces, seed } = picture
      tracer.setPicture({ width, height, maxEdges: maxBounces, stream: streamOf(seed, frame) })
      return await renderUnit(tracer, size, request)
    },
  }
}

function factsOfScene(
  scene: PreparedScene,
  { lights, buildTreeMs }: { lights: number; buildTreeMs: number },
  shaderMs: number,
): SceneFacts {
  return {
    backEnd: 'webgl2',
    triangles: scene.triangles,
    materials: scene.gltf.materials.length,
    textures: scene.images,
    lights,
    animationSeconds: scene.loaded.animationSeconds,
    gpuBytes: scene.gpuBytes,
    buildTreeMs,
    shaderMs,
    ignoredExtensions: [...scene.ignoredExtensions],
  }
}
