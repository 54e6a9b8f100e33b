import { z } from 'zod'

/**
 * Wire frames of the storage protocols. Each frame is a u32 big-endian length and one CBOR value (roles/network);
 * raw piece bytes follow a frame where its comment says so. The caller is known from the connection: the remote peer's
 * secp256k1 key is the customer's account, so no frame carries a claim about who is asking.
 */

/** Terms and free space: request `info`, answer `InfoAnswer`. */
export const storageInfoProtocol = '/hearth/storage/info/1'
/** One piece up: `PutPiece`, answer `GoAhead | Refused`, raw bytes, answer `Stored | Refused`. */
export const storagePutProtocol = '/hearth/storage/put/1'
/** Consent to a batch of stored pieces: `AcceptBatch`, answer `Accepted | Refused`. */
export const storageAcceptProtocol = '/hearth/storage/accept/1'
/** Ranges of pieces down, any number one after the other: `GetRange`, answer `Range` and raw bytes, or `PaymentDue | Refused`. */
export const storageGetProtocol = '/hearth/storage/get/1'

/** Longest piece that a provider takes: 64 MiB of a segment over k = 4, plus what sealing adds, rounded up. */
export const maximumPieceBytes = 17 * 1024 * 1024

/** Bytes of exactly that length. */
export const bytesOf = (length: number) =>
  z.custom<Uint8Array>((value) => value instanceof Uint8Array && value.length === length, `expected ${length} bytes`)
const root = bytesOf(32)
const wei = z
  .union([z.bigint(), z.number().int()])
  .transform((value) => BigInt(value))
  .refine((value) => value >= 0n)
const lengthBytes = z.number().int().positive().max(maximumPieceBytes)

export const refusalCodes = [
  'paused',
  'full',
  'tooLarge',
  'wrongRoot',
  'unknownPiece',
  'badRequest',
  'wrongNetwork',
  'noFunds',
  'busy',
  'diskFault',
  'priceChanged',
  'notNamed',
] as const

export const refusedSchema = z.strictObject({
  kind: z.literal('refused'),
  code: z.enum(refusalCodes),
  message: z.string().max(300),
})

/** Which chain and market a request is about. */
export const networkFields = { chainId: z.number().int().positive(), market: z.string().regex(/^0x[0-9a-fA-F]{40}$/) }

/** Whose piece it is where a named repairer brings it (PROTOCOL 5.7); absent when the caller is the customer. */
const onBehalf = {
  customer: z
    .string()
    .regex(/^0x[0-9a-fA-F]{40}$/)
    .optional(),
}

export const infoSchema = z.strictObject({ kind: z.literal('info'), ...networkFields })

export const infoAnswerSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('info'),
    taking: z.boolean(),
    offeredBytes: z.number().int().nonnegative(),
    freeBytes: z.number().int().nonnegative(),
    pricePerGiBPeriodWei: wei,
    retrievalPricePerMiBWei: wei,
    minimumBytesPerSecond: z.number().int().nonnegative(),
  }),
  refusedSchema,
])

export const putPieceSchema = z.strictObject({
  kind: z.literal('putPiece'),
  ...networkFields,
  ...onBehalf,
  root,
  lengthBytes,
})

export const goAheadSchema = z.discriminatedUnion('kind', [
  /** `alreadyHeld`: the provider has this piece of this customer; no bytes follow and `stored` comes at once. */
  z.strictObject({ kind: z.literal('goAhead'), alreadyHeld: z.boolean() }),
  refusedSchema,
])

export const storedSchema = z.discriminatedUnion('kind', [
  /** The piece is on disk, synced, and its root and length were recomputed by the provider. */
  z.strictObject({ kind: z.literal('stored'), root, lengthBytes, keptUntilSeconds: z.number().int() }),
  refusedSchema,
])

export const acceptBatchSchema = z.strictObject({
  kind: z.literal('acceptBatch'),
  ...networkFields,
  ...onBehalf,
  pieces: z.array(z.strictObject({ root, lengthBytes })).min(1).max(512),
  pricePerGiBPeriodWei: wei,
  retrievalPricePerMiBWei: wei,
  minimumBytesPerSecond: z.number().int().nonnegative(),
  /** The data set's next sequence number, as the chain has it. */
  sequence: z.number().int().nonnegative(),
})

export const acceptedSchema = z.discriminatedUnion('kind', [
  /** EIP-712 PieceAcceptance by the node's role key; worthless after `expirySeconds`. */
  z.strictObject({
    kind: z.literal('accepted'),
    signature: bytesOf(65),
    expirySeconds: z.number().int().positive(),
  }),
  refusedSchema,
])

export const wireVoucherSchema = z.strictObject({
  lane: root,
  cumulativeWei: wei,
  expirySeconds: z.number().int().positive(),
  signature: bytesOf(65),
})

export const getRangeSchema = z.strictObject({
  kind: z.literal('getRange'),
  ...networkFields,
  root,
  offsetBytes: z.number().int().nonnegative(),
  lengthBytes,
  /** Pays for this range and everything before it on this lane; absent inside the credit of 1 MiB. */
  voucher: wireVoucherSchema.nullable(),
})

export const rangeSchema = z.discriminatedUnion('kind', [
  /** `lengthBytes` raw bytes follow. */
  z.strictObject({ kind: z.literal('range'), lengthBytes, priceWei: wei }),
  /** The voucher does not cover it. `lastVoucher` is the highest that the node holds on this lane, or without a lane the most valuable of any, for a customer that forgot. */
  z.strictObject({
    kind: z.literal('paymentDue'),
    dueCumulativeWei: wei,
    lockedWei: wei,
    lastVoucher: wireVoucherSchema.nullable(),
  }),
  refusedSchema,
])

export type Refused = z.infer<typeof refusedSchema>
export type InfoAnswer = z.infer<typeof infoAnswerSchema>
export type WireVoucher = z.infer<typeof wireVoucherSchema>
