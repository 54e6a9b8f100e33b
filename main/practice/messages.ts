import { z } from 'zod'
import { serializedErrorSchema } from '../../roles/api/messages.ts'
import { roleNameSchema } from '../../roles/api/roles.ts'
import { addressSchema } from '../../roles/api/values.ts'
import { surfaceAnswerSchemas } from './surface-messages.ts'

/** What crosses the port between the one who starts the practice network and its processes. Checked on both sides. */

/** Owner to the chain process. */
export const toChainSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('start'),
    practiceDirectory: z.string(),
    neighbours: z.number().int().min(0).max(64),
    /** Port of the proxy; null = any free one. */
    port: z.number().int().min(1).max(65535).nullable(),
  }),
  z.object({ kind: z.literal('stop') }),
])

export const neighbourIdentitySchema = z.object({
  index: z.number().int(),
  operator: addressSchema,
  node: addressSchema,
})

/** Chain process to its owner. */
export const fromChainSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('progress'), step: z.string() }),
  z.object({
    kind: z.literal('ready'),
    /** The network file without bootstrap peers, which are known only when the neighbours listen. */
    network: z.unknown(),
    anvilPid: z.number().int(),
    /** Plain words when the chain was made anew, else null. */
    notice: z.string().nullable(),
    neighbours: z.array(neighbourIdentitySchema),
  }),
  /** Somebody asked for neighbours that render. */
  z.object({ kind: z.literal('renderWanted') }),
  z.object({ kind: z.literal('log'), level: z.enum(['info', 'warn']), message: z.string() }),
  z.object({ kind: z.literal('failed'), error: serializedErrorSchema }),
  z.object({ kind: z.literal('stopped') }),
])

/** Owner to a neighbour. */
export const toNeighbourSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('start'),
    /** From 0. */
    index: z.number().int(),
    directory: z.string(),
    network: z.unknown(),
    listen: z.array(z.string()),
  }),
  z.object({ kind: z.literal('bootstrapPeers'), multiaddrs: z.array(z.string()) }),
  /** Somebody wants neighbours that render; one that can begins, and asking again changes nothing. */
  z.object({ kind: z.literal('startRender') }),
  ...surfaceAnswerSchemas,
  z.object({ kind: z.literal('stop') }),
])

/** Neighbour to its owner. */
export const fromNeighbourSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('ready'),
    operator: addressSchema,
    node: addressSchema,
    peerId: z.string(),
    multiaddrs: z.array(z.string()),
    roles: z.array(roleNameSchema),
  }),
  z.object({ kind: z.literal('log'), level: z.enum(['info', 'warn']), message: z.string() }),
  z.object({ kind: z.literal('failed'), error: serializedErrorSchema }),
  z.object({ kind: z.literal('stopped') }),
])

/** Owner to the practice customer. */
export const toCustomerSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('start'),
    directory: z.string(),
    network: z.unknown(),
    /** Nodes of the neighbours; any other storage node belongs to a home and gets a piece at once. */
    neighbours: z.array(addressSchema),
    /** Their operators: whoever else takes render work is a home. */
    operators: z.array(addressSchema),
  }),
  ...surfaceAnswerSchemas,
  z.object({ kind: z.literal('stop') }),
])

/** Practice customer to its owner. */
export const fromCustomerSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready'), customer: addressSchema }),
  z.object({ kind: z.literal('stored'), nodes: z.array(addressSchema), lengthBytes: z.number() }),
  z.object({ kind: z.literal('fetched'), lengthBytes: z.number() }),
  z.object({ kind: z.literal('rendered'), units: z.number().int(), refused: z.number().int() }),
  z.object({ kind: z.literal('log'), level: z.enum(['info', 'warn']), message: z.string() }),
  z.object({ kind: z.literal('failed'), error: serializedErrorSchema }),
  z.object({ kind: z.literal('stopped') }),
])

export type FromChain = Readonly<z.infer<typeof fromChainSchema>>
export type FromNeighbour = Readonly<z.infer<typeof fromNeighbourSchema>>
export type FromCustomer = Readonly<z.infer<typeof fromCustomerSchema>>
export type NeighbourIdentity = Readonly<z.infer<typeof neighbourIdentitySchema>>

/** What `hearth_enrol` takes: the accounts of one home. */
export const enrolSchema = z.object({
  customer: addressSchema.optional(),
  gasAccount: addressSchema.optional(),
  operator: addressSchema.optional(),
  /** Somebody wants to render or to have rendered: the neighbours that can get ready. */
  rendering: z.literal(true).optional(),
})

export type Enrolment = Readonly<z.infer<typeof enrolSchema>>
