import { z } from 'zod'
import { weiTextSchema } from './values.ts'

/** A person's wish to leave a role in order; part of what the governor allows. */
export const leavingWishSchema = z.object({
  /** What nobody takes over is given up, with its pay of the running period and one fault; agreed to by the person. */
  forfeitAgreed: z.boolean(),
})

/** How far a role that leaves has come. */
export const leavingStatusSchema = z.object({
  /** Data sets that still have to go to another home. */
  setsLeft: z.number().int().nonnegative(),
  /** Data sets that are handed over and end with the running period. */
  setsEnding: z.number().int().nonnegative(),
  bytesLeft: z.number().int().nonnegative(),
  /** Bytes sent to heirs in the present round. */
  sentBytes: z.number().int().nonnegative(),
  /** Of those left, the ones that nobody took so far, and the first reason. */
  stuckSets: z.number().int().nonnegative(),
  stuckReason: z.string().nullable(),
  /** What giving up all that is left would cost at the most: one period's pay. */
  forfeitWei: weiTextSchema,
  /** Nothing is held for anybody any more. */
  done: z.boolean(),
})

export type LeavingWish = Readonly<z.infer<typeof leavingWishSchema>>
export type LeavingStatus = Readonly<z.infer<typeof leavingStatusSchema>>
