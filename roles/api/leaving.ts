import { z } from 'zod'
import { addressSchema, weiTextSchema } from './values.ts'

/** File in the role's data directory that tells how leaving stands, for those who look without asking the process. */
export const leaveFileName = 'leave.json'

/** What a person wants who asked to leave. */
export const leaveIntentSchema = z.object({
  askedAtMs: z.number(),
  /** Give up what nobody takes over: its pay of the running period and one fault each. */
  forfeit: z.boolean(),
})

export type LeaveIntent = Readonly<z.infer<typeof leaveIntentSchema>>

/** One customer's data set on its way out. */
export const leavingSetSchema = z.object({
  customer: addressSchema,
  /** Pieces and bytes that still count here from the next period. */
  pieces: z.number().int(),
  bytes: z.number(),
  /** Pay of a period at the present size: what forfeiting gives up. */
  periodPayWei: weiTextSchema,
  heir: addressSchema.nullable(),
  /** `noHeir`: nobody takes it at its price just now. `lastPeriod`: handed over, its last period is still paid and proven. */
  state: z.enum(['held', 'handingOver', 'noHeir', 'lastPeriod']),
})

export type LeavingSet = Readonly<z.infer<typeof leavingSetSchema>>

/** How leaving stands; while nobody asked for it, what it would mean. */
export const leaveStatusSchema = z.object({
  state: z.enum(['notAsked', 'leaving', 'done']),
  sets: z.array(leavingSetSchema).readonly(),
  pieces: z.number().int(),
  bytes: z.number(),
  /** Bytes that heirs hold by contract since leaving began. */
  bytesHandedOver: z.number(),
  /** Earned for downloads, not yet redeemed; done when leaving ends. */
  unredeemedWei: weiTextSchema,
  /** Length of a proving period: leaving lasts at least to the end of the one that runs. */
  periodSeconds: z.number(),
  /** So many of them at least, as the contract allows. */
  periods: z.number().int().optional(),
  /** Bytes a second to the heirs, as measured; null before the first piece. */
  bytesPerSecond: z.number().nullable(),
  lookedAtMs: z.number(),
})

export type LeaveStatus = Readonly<z.infer<typeof leaveStatusSchema>>

/** The contract lets so many pieces of one set go in a period; its end is when they are forgotten (DataSets.sol). */
const piecesPerPeriod = 64

/** Proving periods until the last piece has gone and its last period is over, as the contract allows at best. Pure. */
export function periodsToLeave(sets: readonly Pick<LeavingSet, 'pieces'>[]): number {
  return Math.max(0, ...sets.map(({ pieces }) => Math.max(1, Math.ceil(pieces / piecesPerPeriod))))
}

export const leaveFileSchema = z.object({ formatVersion: z.literal(1), leaving: leaveStatusSchema })
