import type { CameraRays } from './camera.ts'
import type { Environment } from '../protocol/scene/gltf-schema.ts'
import type { Feature } from './shaders/program.ts'

/** What stays the same over all frames of a scene. */
export type TracerScene = {
  readonly texels: Uint16Array<ArrayBuffer>
  readonly features: ReadonlySet<Feature>
}

/** Everything of one moment, as the shader reads it; each list is an array of texels of four numbers. */
export type TracerFrame = {
  readonly nodes: Uint32Array<ArrayBuffer>
  readonly root: number
  readonly triangles: Float32Array<ArrayBuffer>
  readonly attributes: Float32Array<ArrayBuffer>
  readonly colors: Float32Array<ArrayBuffer> | null
  readonly table: Uint32Array<ArrayBuffer>
  readonly texturesAt: number
  readonly lightsAt: number
  readonly lightCount: number
  readonly camera: CameraRays
  readonly environment: Environment
}

/** The picture that samples are for. */
export type TracerPicture = {
  readonly width: number
  readonly height: number
  readonly maxEdges: number
  /** `streamOf(seed, frame)`. */
  readonly stream: number
}

export type Draw = {
  readonly firstRow: number
  readonly rows: number
  readonly firstSample: number
  readonly samples: number
  /** The first draw of rows in a block is 0 and begins with zero sums; later ones add to what the one before has left. */
  readonly round: number
}

/**
 * A graphics interface that traces. Cells of 16 x 16 pixels lie in a grid of `columns` a row; what is drawn are rows of that
 * grid. Each pixel holds red, green and blue sums and the number of samples that were added.
 */
export type Tracer = {
  setFrame(frame: TracerFrame): void
  setPicture(picture: TracerPicture): void
  /** Makes the grid; `corners` are the upper left pixels of the cells, x and y after each other. */
  setCells(corners: Uint32Array, columns: number): void
  /** Draws and waits for the end; throws EngineFailure where the context is lost. */
  draw(draw: Draw): Promise<void>
  /** All pixels of the grid, four numbers each, row by row. */
  read(): Promise<Float32Array>
  dispose(): void
}
