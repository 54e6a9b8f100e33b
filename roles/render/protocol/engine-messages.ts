import { z } from 'zod'
import { renderJobSchema, renderUnitSchema } from './render-job.ts'

/**
 * What a render worker and the engine in its hidden window say to each other. The worker is the owner: every request has
 * an id and is answered once by `loaded`, `rendered`, `probed`, `benchmarked`, `refused` or `failed`; in between come
 * `progress`, `preview` and `checkpoint` with the same id.
 *
 * Sums are linear light, not divided by the number of samples: three 32-bit floats (red, green, blue) a pixel, row by row from
 * the upper left of the unit.
 */

export const backEndSchema = z.enum(['webgl2', 'webgpu', 'cycles'])

/** The graphics interface that renders. Results are compared only within calibrated pairs (PROTOCOL 6.3). */
export type BackEnd = z.infer<typeof backEndSchema>

/** Beyond these a scene is refused before anything is allocated for it. */
export const sceneLimitsSchema = z.object({
  sceneBytes: z.number().int().positive(),
  triangles: z.number().int().positive(),
  nodes: z.number().int().positive(),
  textures: z.number().int().positive(),
  /** Sum over all textures, width x height. */
  texturePixels: z.number().int().positive(),
  gpuBytes: z.number().int().positive(),
})

export type SceneLimits = Readonly<z.infer<typeof sceneLimitsSchema>>

export const toEngineSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('probe'), id: z.number().int() }),
  /** Path traces the standard scene for about `seconds` and tells the score. */
  z.object({ kind: z.literal('benchmark'), id: z.number().int(), seconds: z.number().positive() }),
  z.object({
    kind: z.literal('load'),
    id: z.number().int(),
    scene: z.instanceof(Uint8Array),
    job: renderJobSchema,
    limits: sceneLimitsSchema,
    /** Null for the fastest that works here. */
    backEnd: backEndSchema.nullable(),
  }),
  z.object({
    kind: z.literal('render'),
    id: z.number().int(),
    unit: renderUnitSchema,
    /** Only these cells of the unit (row by row, as in `cells.ts`); null for all. */
    cells: z.array(z.number().int().nonnegative()).nullable(),
    /** Share of the time that the graphics processor may be kept busy, in (0, 1]. */
    dutyShare: z.number().positive().max(1),
    previewEveryMs: z.number().int().positive().nullable(),
    /** A checkpoint of this very unit to go on from. */
    resume: z.object({ blocksDone: z.number().int().positive(), sums: z.array(z.instanceof(Float32Array)) }).nullable(),
  }),
  /** Slower, faster, or paused (0) from the next sample on. */
  z.object({ kind: z.literal('pace'), dutyShare: z.number().min(0).max(1) }),
  z.object({ kind: z.literal('cancel'), id: z.number().int() }),
])

export type ToEngine = Readonly<z.infer<typeof toEngineSchema>>

export const engineFactsSchema = z.object({
  backEnds: z.array(backEndSchema),
  /** As the driver names itself; an untrusted text. */
  device: z.string(),
  /** True where a processor plays the graphics card. */
  software: z.boolean(),
  maxTextureSize: z.number().int(),
})

export type EngineFacts = Readonly<z.infer<typeof engineFactsSchema>>

export const sceneFactsSchema = z.object({
  backEnd: backEndSchema,
  triangles: z.number().int(),
  materials: z.number().int(),
  textures: z.number().int(),
  lights: z.number().int(),
  animationSeconds: z.number(),
  gpuBytes: z.number().int(),
  buildTreeMs: z.number(),
  shaderMs: z.number(),
  /** Optional extensions of glTF that the picture does without; names are safe to show. */
  ignoredExtensions: z.array(z.string()),
})

export type SceneFacts = Readonly<z.infer<typeof sceneFactsSchema>>

export const fromEngineSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('booted') }),
  z.object({ kind: z.literal('probed'), id: z.number().int(), facts: engineFactsSchema }),
  z.object({
    kind: z.literal('benchmarked'),
    id: z.number().int(),
    facts: engineFactsSchema,
    backEnd: backEndSchema,
    megasamplesPerSecond: z.number(),
  }),
  z.object({ kind: z.literal('loaded'), id: z.number().int(), scene: sceneFactsSchema }),
  z.object({
    kind: z.literal('progress'),
    id: z.number().int(),
    blocksDone: z.number().int(),
    samplesDone: z.number().int(),
  }),
  /** Tone mapped, 8 bit sRGB with alpha, at most 512 pixels wide. */
  z.object({
    kind: z.literal('preview'),
    id: z.number().int(),
    width: z.number().int(),
    height: z.number().int(),
    rgba: z.instanceof(Uint8Array),
  }),
  /** After every whole block: the pending sums of the tree, largest range first, enough to go on from. */
  z.object({
    kind: z.literal('checkpoint'),
    id: z.number().int(),
    blocksDone: z.number().int(),
    sums: z.array(z.instanceof(Float32Array)),
  }),
  /** One array over the unit; where cells were asked for, one array over those cells, one after the other. */
  z.object({
    kind: z.literal('rendered'),
    id: z.number().int(),
    sums: z.instanceof(Float32Array),
    renderMs: z.number(),
  }),
  /** The scene cannot be rendered here or anywhere; asking again would not help. */
  z.object({ kind: z.literal('refused'), id: z.number().int(), code: z.string(), message: z.string() }),
  /** This try failed: context lost, out of memory, cancelled, hung. */
  z.object({ kind: z.literal('failed'), id: z.number().int(), code: z.string(), message: z.string() }),
])

export type FromEngine = Readonly<z.infer<typeof fromEngineSchema>>
