import { z } from 'zod'
import { addressSchema } from '../../api/values.ts'
import { maximumPieceBytes, refusedSchema } from './frames.ts'

/**
 * Pieces from a node that leaves to its heir: `OfferHandover`, answer `WillTake | Refused`, the raw bytes of every piece that
 * is wanted one after the other, answer `TookOver | Refused`. The leaver is known from the connection, and the heir reads
 * from the chain that these pieces are in its set.
 */
export const storageHandoverProtocol = '/hearth/storage/handover/1'

/** Pieces of one conversation and one transaction; the contract takes at most 64 in a period. */
export const mostPiecesPerHandover = 32

const bytesOf = (length: number) =>
  z.custom<Uint8Array>((value) => value instanceof Uint8Array && value.length === length, `expected ${length} bytes`)
const wei = z
  .union([z.bigint(), z.number().int()])
  .transform((value) => BigInt(value))
  .refine((value) => value >= 0n)

export const offerHandoverSchema = z.strictObject({
  kind: z.literal('offerHandover'),
  chainId: z.number().int().positive(),
  market: addressSchema,
  customer: addressSchema,
  pieces: z
    .array(z.strictObject({ root: bytesOf(32), lengthBytes: z.number().int().positive().max(maximumPieceBytes) }))
    .min(1)
    .max(mostPiecesPerHandover),
})

export const willTakeSchema = z.discriminatedUnion('kind', [
  /** Positions in the offer of pieces whose bytes are wanted; the heir has the others already. */
  z.strictObject({ kind: z.literal('willTake'), wanted: z.array(z.number().int().nonnegative()) }),
  refusedSchema,
])

export const tookOverSchema = z.discriminatedUnion('kind', [
  /** All pieces are on the heir's disk, checked; EIP-712 PieceAcceptance by its role key over all of the offer. */
  z.strictObject({
    kind: z.literal('tookOver'),
    pricePerGiBPeriodWei: wei,
    retrievalPricePerMiBWei: wei,
    minimumBytesPerSecond: z.number().int().nonnegative(),
    sequence: z.number().int().nonnegative(),
    expirySeconds: z.number().int().positive(),
    signature: bytesOf(65),
  }),
  refusedSchema,
])

export type OfferHandover = z.infer<typeof offerHandoverSchema>
export type TookOver = Extract<z.infer<typeof tookOverSchema>, { kind: 'tookOver' }>
