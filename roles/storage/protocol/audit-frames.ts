import { z } from 'zod'
import { bytesOf, maximumPieceBytes, networkFields, refusedSchema } from './frames.ts'
import { leafBytes } from './tree-shape.ts'

/**
 * Audits between periods: `Audit`, answer `AuditAnswer | Refused`; then the customer says what it found, `AuditFound`, and
 * the provider puts its name under it where it agrees, `Countersigned | Refused`. Free of charge, and bounded by the provider.
 */
export const storageAuditProtocol = '/hearth/storage/audit/1'
/** Signed results of audits, newest first: `AskReputation`, answer `Reputation | Refused`. */
export const storageReputationProtocol = '/hearth/storage/reputation/1'

/** Leaves in one audit; each costs the provider one block of 32 KiB. */
export const mostAuditLeaves = 16
/** Results that a provider shows of itself. */
export const mostShownResults = 40
/** A home answers within a second; who needs longer than this is told to be slow. */
export const lateAfterMs = 5_000

const count = z.number().int().min(0).max(mostAuditLeaves)
const address = z.string().regex(/^0x[0-9a-fA-F]{40}$/)
const signature = bytesOf(65)

/** The facts of one audit but for its two ends, which the connection proves. */
const foundFields = {
  period: z.number().int().nonnegative(),
  atSeconds: z.number().int().positive(),
  asked: count.min(1),
  right: count,
  late: count,
  wrong: count,
  silent: count,
  latencyMs: z.number().int().min(0).max(600_000),
}

export const auditSchema = z.strictObject({
  kind: z.literal('audit'),
  ...networkFields,
  leaves: z
    .array(
      z.strictObject({
        root: bytesOf(32),
        leafIndex: z
          .number()
          .int()
          .min(0)
          .max(Math.ceil(maximumPieceBytes / leafBytes)),
      }),
    )
    .min(1)
    .max(mostAuditLeaves),
})

export const auditAnswerSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('auditAnswer'),
    /** In the order of the question; null where the piece is gone or damaged here. */
    answers: z
      .array(z.strictObject({ leaf: bytesOf(32), siblings: z.array(bytesOf(32)).max(32) }).nullable())
      .max(mostAuditLeaves),
  }),
  refusedSchema,
])

export const auditFoundSchema = z.strictObject({ kind: z.literal('auditFound'), ...foundFields, signature })

export const countersignedSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('countersigned'), signature }),
  refusedSchema,
])

export const askReputationSchema = z.strictObject({ kind: z.literal('askReputation'), ...networkFields })

export const reputationAnswerSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('reputation'),
    results: z
      .array(
        z.strictObject({ customer: address, ...foundFields, customerSignature: signature, nodeSignature: signature }),
      )
      .max(mostShownResults),
  }),
  refusedSchema,
])

export type AuditFound = z.infer<typeof auditFoundSchema>
