import { z } from 'zod'
import { addressSchema } from '../../api/values.ts'
import { bytesOf } from './frames.ts'
import { manifestPieceSchema } from './manifest.ts'

/**
 * What a repairer needs to bring lost pieces of one file back: how it is coded, who holds what, and the mask key of each
 * segment. No content key, no name, no path, no salt (PROTOCOL 5.1): what it decodes stays sealed.
 */
export const repairTicketSchema = z.strictObject({
  formatVersion: z.literal(1),
  chainId: z.number().int().positive(),
  market: addressSchema,
  customer: addressSchema,
  repairer: addressSchema,
  createdAtSeconds: z.number().int().nonnegative(),
  bytes: z.number().int().nonnegative(),
  k: z.number().int().min(1).max(255),
  n: z.number().int().min(1).max(255),
  segments: z
    .array(z.strictObject({ maskKey: bytesOf(32), pieces: z.array(manifestPieceSchema).min(1).max(255) }))
    .min(1),
})

export type RepairTicket = Readonly<z.infer<typeof repairTicketSchema>>
