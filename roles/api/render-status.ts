import { z } from 'zod'
import { addressSchema, bytes32Schema, weiTextSchema } from './values.ts'

/** Longer edge of the preview that a status carries, in pixels: it travels with every heartbeat. */
export const statusPreviewPixels = 160

/** A small picture of what is being rendered: tone mapped, 8-bit sRGB with alpha, row by row. */
export const renderPreviewSchema = z.object({
  width: z.number().int().positive().max(statusPreviewPixels),
  height: z.number().int().positive().max(statusPreviewPixels),
  rgba: z.instanceof(Uint8Array),
})

/** What the graphics processor of this machine can do, as measured once on the standard scene. */
export const renderScoreSchema = z.object({
  megasamplesPerSecond: z.number().nonnegative(),
  backEnd: z.string(),
  /** As the driver names itself; an untrusted text. */
  device: z.string(),
  /** True where a processor plays the graphics card. */
  software: z.boolean(),
  measuredAtMs: z.number(),
})

/** What a render worker shows of itself. */
export const renderStatusSchema = z.object({
  /**
   * `starting`: looking for a place to render; `noSurface`: this machine cannot render, a problem says why; `benchmarking`;
   * `idle`: waiting for work; `rendering`; `paused`: the governor lets it do nothing.
   */
  state: z.enum(['starting', 'noSurface', 'benchmarking', 'idle', 'rendering', 'paused']),
  score: renderScoreSchema.nullable(),
  /** As the chain has it; null before the node was entered. */
  tier: z.number().int().nonnegative().nullable(),
  /** What is being rendered now. */
  unit: z
    .object({
      jobId: bytes32Schema,
      unit: z.number().int().nonnegative(),
      frame: z.number().int().nonnegative(),
      customer: addressSchema,
      width: z.number().int().positive(),
      height: z.number().int().positive(),
      samplesDone: z.number().int().nonnegative(),
      samplesTotal: z.number().int().positive(),
      startedAtMs: z.number(),
    })
    .nullable(),
  preview: renderPreviewSchema.nullable(),
  /** Rendered and handed in, but not yet accepted. */
  unitsWaiting: z.number().int().nonnegative(),
  unitsAccepted: z.number().int().nonnegative(),
  unitsRefused: z.number().int().nonnegative(),
  /** What accepted units have brought this node, before the share that is burned. */
  paidWei: weiTextSchema,
})

export type RenderStatus = Readonly<z.infer<typeof renderStatusSchema>>

const ofUnit = { jobId: bytes32Schema, unit: z.number().int().nonnegative(), customer: addressSchema }

/** Things that happen in the life of a unit. */
export const renderEventSchemas = [
  z.object({ kind: z.literal('renderBenchmarked'), megasamplesPerSecond: z.number(), device: z.string() }),
  z.object({ kind: z.literal('renderUnitStarted'), ...ofUnit, frame: z.number().int().nonnegative() }),
  /** All samples are there and the result is committed to on chain. */
  z.object({ kind: z.literal('renderUnitCommitted'), ...ofUnit, renderMs: z.number(), transactionHash: bytes32Schema }),
  /** Accepted by word or by silence, the key is out, and this much was credited. */
  z.object({
    kind: z.literal('renderUnitAccepted'),
    ...ofUnit,
    paidWei: weiTextSchema,
    transactionHash: bytes32Schema,
    blockNumber: z.number(),
  }),
  /** The customer does not take the result. */
  z.object({ kind: z.literal('renderUnitRefused'), ...ofUnit, message: z.string() }),
  /** The unit could not be rendered here; somebody else gets it. */
  z.object({ kind: z.literal('renderUnitFailed'), ...ofUnit, code: z.string(), message: z.string() }),
] as const
