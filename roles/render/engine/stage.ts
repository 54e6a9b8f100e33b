import type { RenderJob } from '../protocol/render-job.ts'
import type { Tracer } from './back-end.ts'
import { prepareFrame } from './prepare-frame.ts'
import type { PreparedScene } from './prepare-scene.ts'
import { firstDrawSize, type DrawSize } from './render-unit.ts'
import type { Feature } from './shaders/program.ts'
import { openContext } from './webgl/context.ts'
import { openWebglTracer } from './webgl/tracer.ts'

/** The part of a job that a picture depends on. */
export type Picture = Pick<RenderJob, 'camera' | 'width' | 'height' | 'maxBounces' | 'seed' | 'frames'>

/** A frame on the graphics card, and what it took to bring it there. */
export type Placed = {
  readonly tracer: Tracer
  readonly size: DrawSize
  readonly lights: number
  readonly shaderMs: number
  readonly buildTreeMs: number
}

type OnCard = Placed & { readonly features: ReadonlySet<Feature>; readonly frame: number }

function isSame(left: ReadonlySet<Feature>, right: ReadonlySet<Feature>): boolean {
  return left.size === right.size && [...left].every((feature) => right.has(feature))
}

/**
 * The graphics card and the one scene on it. What is on the card can be lost at any time and is then made anew from the scene,
 * which stays in memory.
 */
export class Stage {
  #context: WebGL2RenderingContext | null = null
  #scene: PreparedScene | null = null
  #card: OnCard | null = null

  /** A lost context is not waited for: a new one is opened in its place. */
  get gl(): WebGL2RenderingContext {
    if (this.#context === null || this.#context.isContextLost()) {
      this.#card = null
      this.#context = openContext()
    }
    return this.#context
  }

  get scene(): PreparedScene | null {
    return this.#scene
  }

  /** Takes the place of the scene before; nothing is on the card yet. */
  use(scene: PreparedScene | null): void {
    this.#drop()
    this.#scene = scene
  }

  /** Brings a frame of the scene to the card, unless it is there. Throws EngineFailure and leaves nothing half made. */
  async place(picture: Picture, frame: number, signal: AbortSignal): Promise<Placed> {
    const { gl } = this
    const scene = this.#scene!
    const isStill = scene.loaded.animationSeconds === 0
    if (this.#card !== null && (this.#card.frame === frame || isStill)) return this.#card
    const seconds = picture.frames.startSeconds + frame / picture.frames.perSecond
    const prepared = await prepareFrame(scene, picture, { seconds, signal })
    const startMs = performance.now()
    try {
      const { features, lights, buildTreeMs } = prepared
      if (this.#card !== null && !isSame(this.#card.features, features)) this.#drop()
      const tracer = this.#card?.tracer ?? (await openWebglTracer(gl, { texels: scene.heap.texels, features }))
      const size = this.#card?.size ?? firstDrawSize()
      this.#card = { tracer, size, lights, buildTreeMs, features, frame, shaderMs: performance.now() - startMs }
      tracer.setFrame(prepared.frame)
      return this.#card
    } catch (error) {
      this.#drop()
      throw error
    }
  }

  #drop(): void {
    if (this.#context?.isContextLost() === false) this.#card?.tracer.dispose()
    this.#card = null
  }
}
