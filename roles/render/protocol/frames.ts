import { z } from 'zod'
import { backEndSchema } from './engine-messages.ts'
import { renderJobSchema } from './render-job.ts'
import { previewPixels } from './watermark.ts'

/**
 * What a customer and a render node say to each other on `/hearth/render/1`. The customer always asks, any number of questions on one
 * stream; each is answered by the answer named beside it or by `refused`. Each frame is a u32 big-endian length and one CBOR value
 * (roles/network); raw bytes follow where the comment says so. Who asks is known from the connection, so no frame claims it.
 */
export const renderProtocol = '/hearth/render/1'

/** The largest scene that is sent. */
export const maximumSceneBytes = 256 * 1024 * 1024
/** Cells in one question. */
export const maximumOpenings = 24
/** Units in one question. */
export const maximumUnitsAsked = 256
/** Share of a unit's cells that a node opens before it is paid; whoever could see all would not have to pay. At least four are opened. */
export const openedShare = 0.25
export const leastOpened = 4

/** Cells of a unit that a customer may see before it pays. */
export function openingsAllowed(cellCount: number): number {
  return Math.min(cellCount, Math.max(leastOpened, Math.floor(cellCount * openedShare)))
}

const bytesOf = (length: number) =>
  z.custom<Uint8Array>((value) => value instanceof Uint8Array && value.length === length, `expected ${length} bytes`)
const bytesUpTo = (length: number) =>
  z.custom<Uint8Array>(
    (value) => value instanceof Uint8Array && value.length <= length,
    `expected at most ${length} bytes`,
  )
const hash = bytesOf(32)
const unitIndex = z.number().int().nonnegative().max(0xffff_ffff)
/** As the chain numbers jobs. */
const jobId = z.string().regex(/^0x[0-9a-f]{64}$/)

export const refusalCodes = [
  'paused',
  'wrongNetwork',
  'unknownJob',
  'notYourJob',
  'wrongSpec',
  'wrongScene',
  'badScene',
  'tooLarge',
  'unknownUnit',
  'notCommitted',
  'enoughOpened',
  'busy',
  'badRequest',
] as const

export const refusedSchema = z.strictObject({
  kind: z.literal('refused'),
  code: z.enum(refusalCodes),
  message: z.string().max(300),
})

/** Which chain and market a question is about. */
const networkFields = { chainId: z.number().int().positive(), market: z.string().regex(/^0x[0-9a-fA-F]{40}$/) }

export const questionSchema = z.discriminatedUnion('kind', [
  /** Answer `offer`: what this node can do. */
  z.strictObject({ kind: z.literal('info'), ...networkFields }),
  /** Answer `announced`. The job as it was hashed onto the chain. */
  z.strictObject({ kind: z.literal('announce'), ...networkFields, jobId, job: renderJobSchema }),
  /** `lengthBytes` raw bytes of the GLB follow. Answer `sceneStored`. */
  z.strictObject({
    kind: z.literal('scene'),
    jobId,
    lengthBytes: z.number().int().positive().max(maximumSceneBytes),
  }),
  /** Answer `progress`. */
  z.strictObject({ kind: z.literal('progress'), jobId, units: z.array(unitIndex).min(1).max(maximumUnitsAsked) }),
  /** Answer `preview`, followed by its raw bytes. */
  z.strictObject({ kind: z.literal('preview'), jobId, unit: unitIndex }),
  /** Answer `ciphertext`, then raw bytes: the encrypted cells one after the other, then the hashes of the plain cells, 32 bytes each. */
  z.strictObject({ kind: z.literal('ciphertext'), jobId, unit: unitIndex }),
  /** Answer `openings`. */
  z.strictObject({
    kind: z.literal('open'),
    jobId,
    unit: unitIndex,
    cells: z.array(unitIndex).min(1).max(maximumOpenings),
  }),
])

export type Question = z.infer<typeof questionSchema>

export const offerSchema = z.strictObject({
  kind: z.literal('offer'),
  taking: z.boolean(),
  backEnd: backEndSchema.nullable(),
  megasamplesPerSecond: z.number().nonnegative(),
  /** As the driver names itself; an untrusted text. */
  device: z.string().max(200),
})

export const announcedSchema = z.strictObject({ kind: z.literal('announced'), needScene: z.boolean() })
export const sceneStoredSchema = z.strictObject({ kind: z.literal('sceneStored') })

/** What has become of a unit at a node. `failed` and `refused` carry a reason. */
export const unitStates = [
  'unknown',
  'waiting',
  'rendering',
  'rendered',
  'committed',
  'revealed',
  'paid',
  'failed',
] as const
export type UnitState = (typeof unitStates)[number]

export const unitProgressSchema = z.strictObject({
  unit: unitIndex,
  state: z.enum(unitStates),
  samplesDone: z.number().int().nonnegative(),
  samplesTotal: z.number().int().nonnegative(),
  reason: z.string().max(300).nullable(),
})

export type UnitProgress = z.infer<typeof unitProgressSchema>

export const progressSchema = z.strictObject({
  kind: z.literal('progress'),
  units: z.array(unitProgressSchema).max(maximumUnitsAsked),
})

/** `width x height x 4` raw bytes follow; nothing where both are 0: there is none yet. */
export const previewSchema = z.strictObject({
  kind: z.literal('preview'),
  width: z.number().int().nonnegative().max(previewPixels),
  height: z.number().int().nonnegative().max(previewPixels),
})

/** `lengthBytes` raw bytes of cells follow, then the hashes. */
export const ciphertextSchema = z.strictObject({
  kind: z.literal('ciphertext'),
  lengthBytes: z.number().int().positive(),
  backEnd: backEndSchema,
})

export const openingSchema = z.strictObject({
  index: unitIndex,
  /** The cell's sums: 16 x 16 pixels of three floats at most. */
  bytes: bytesUpTo(16 * 16 * 12),
  proof: z.array(hash).max(32),
})

export type Opening = z.infer<typeof openingSchema>

export const openingsSchema = z.strictObject({
  kind: z.literal('openings'),
  cells: z.array(openingSchema).min(1).max(maximumOpenings),
})

export type Refused = z.infer<typeof refusedSchema>
export type Offer = z.infer<typeof offerSchema>

/** An answer or a refusal. */
export const orRefused = <Schema extends z.ZodType>(schema: Schema) => z.union([schema, refusedSchema])
