import { z } from 'zod'
import { bytes32Schema, hexSchema } from '../../api/values.ts'
import type { Community } from '../protocol/market.ts'
import { orderSchema, receiptSchema, slotResultSchema } from '../protocol/typed-data.ts'

const slot = z.number().int().nonnegative()
const signature = hexSchema.max(132)
const signedOrder = z.strictObject({ order: orderSchema, signature })

/** What is said on a community's topic. */
export const marketMessageSchema = z.discriminatedUnion('kind', [
  /** Before the gate: I have an order, and this is its hash. */
  z.strictObject({ kind: z.literal('hash'), slot, orderHash: bytes32Schema }),
  /** From a settler after the gate: I collect now, and this is my own order, shown before I have seen any other. */
  z.strictObject({ kind: z.literal('open'), slot, rank: slot, own: signedOrder.nullable() }),
  /** After the opening: this was my order. */
  z.strictObject({ kind: z.literal('reveal'), slot, ...signedOrder.shape }),
  z.strictObject({ kind: z.literal('receipt'), slot, receipt: receiptSchema, signature }),
  /** From the settler: what the slot came to, of these orders, with the secret of its salts. */
  z.strictObject({
    kind: z.literal('result'),
    slot,
    result: slotResultSchema,
    signature,
    orderHashes: z.array(bytes32Schema).max(3500),
    secret: bytes32Schema,
  }),
])

export type MarketMessage = z.infer<typeof marketMessageSchema>

/** The topic of a community: nobody hears what is for another market. */
export function topicOf(at: Community): string {
  return `/hearth/energy/1/${at.chainId}/${at.contract.toLowerCase()}/${at.community.toLowerCase()}`
}
