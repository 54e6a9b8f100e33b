import { z } from 'zod'

/** Side of a cell in pixels: the smallest part of a picture that is committed to, compared and disputed (PROTOCOL 6.3). */
export const cellPixels = 16
/** Samples that are always added one after the other; the smallest range of samples that can be rendered apart. */
export const samplesPerBlock = 8

const hashSchema = z.string().regex(/^0x[0-9a-f]{64}$/)

/** The engines that can be asked for. Results of different engines or versions are never compared with each other. */
export const engineNameSchema = z.enum(['hearth-pathtracer-1', 'cycles'])

export type EngineName = z.infer<typeof engineNameSchema>

/**
 * What a customer wants rendered: everything that has an influence on a pixel besides the scene file itself. Its hash and
 * the scene's are on chain. A picture is `frames.count` frames of `width` x `height` pixels with `samples` samples each.
 */
export const renderJobSchema = z.object({
  formatVersion: z.literal(1),
  engine: engineNameSchema,
  /** SHA-256 of the GLB file. */
  sceneHash: hashSchema,
  sceneBytes: z.number().int().positive(),
  width: z.number().int().min(1).max(16_384),
  height: z.number().int().min(1).max(16_384),
  /** Samples per pixel, a multiple of 8. */
  samples: z.number().int().min(samplesPerBlock).max(65_536).multipleOf(samplesPerBlock),
  frames: z.object({
    count: z.number().int().min(1).max(100_000),
    /** Frame f shows the scene at `startSeconds + f / perSecond` of its first animation. */
    perSecond: z.number().positive().max(240),
    startSeconds: z.number().min(0).max(86_400),
  }),
  /** Index among the scene's cameras; null for the first, or one that sees the whole scene where it has none. */
  camera: z.number().int().nonnegative().nullable(),
  /** Edges of a light path at most, the camera's own included. */
  maxBounces: z.number().int().min(1).max(32),
  /** Chosen at random by the customer, so that no picture can be rendered before the job is known. */
  seed: z.number().int().min(0).max(0xffff_ffff),
  /** How the picture is divided into units of work; see `plan-units.ts`. */
  tile: z.object({
    width: z.number().int().positive().multipleOf(cellPixels),
    height: z.number().int().positive().multipleOf(cellPixels),
  }),
  /** Blocks of samples in a unit: a power of two, or the largest power of two that is left at the end of a pixel's samples. */
  blocksPerUnit: z.number().int().positive(),
})

export type RenderJob = Readonly<z.infer<typeof renderJobSchema>>

/**
 * One piece of work: a tile of one frame in an aligned range of sample blocks. `firstBlock` is a multiple of `blockCount`,
 * and `blockCount` a power of two; so sums of units add up in one fixed tree whoever renders them (`add-sums.ts`).
 */
export const renderUnitSchema = z.object({
  index: z.number().int().nonnegative(),
  frame: z.number().int().nonnegative(),
  /** Left and upper edge in pixels, multiples of 16. */
  x: z.number().int().nonnegative(),
  y: z.number().int().nonnegative(),
  /** At the right and lower edge of the picture a tile is cut, so these need not be multiples of 16. */
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  firstBlock: z.number().int().nonnegative(),
  blockCount: z.number().int().positive(),
})

export type RenderUnit = Readonly<z.infer<typeof renderUnitSchema>>
