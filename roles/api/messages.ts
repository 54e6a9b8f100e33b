import { z } from 'zod'
import { allowanceSchema } from './allowance.ts'
import { diskStatusSchema } from './disks.ts'
import { energyStatusSchema, meterChoiceSchema } from './energy-status.ts'
import { leaveStatusSchema } from './leaving.ts'
import { renderEventSchemas, renderStatusSchema } from './render-status.ts'
import { roleNameSchema } from './roles.ts'
import { addressSchema, bytes32Schema, hexSchema, weiTextSchema } from './values.ts'

/** What a role worker must know to start. Everything in it is public or a path; no key crosses this border. */
export const workerStartSchema = z.object({
  role: roleNameSchema,
  node: addressSchema,
  operator: addressSchema,
  /** 33-byte compressed secp256k1 key of the node as hex. */
  nodePublicKey: hexSchema,
  /** The network file's content, checked again by the worker with its own schema. */
  network: z.unknown(),
  /** The only directory that this worker may write to. */
  dataDirectory: z.string(),
  /** Where storage keeps its pieces; inside `dataDirectory` or on a disk that the person chose. */
  workDirectory: z.string(),
  listen: z.array(z.string()).readonly(),
  allowance: allowanceSchema,
  /** The meter of the energy role; absent for other roles, null where none was chosen. */
  meter: meterChoiceSchema.nullish(),
})

export type WorkerStart = Readonly<z.infer<typeof workerStartSchema>>

/** The domains in which a role key may sign; the signer rebuilds or checks the bytes by kind and refuses all else. */
export const signRequestSchema = z.discriminatedUnion('kind', [
  /** libp2p handshakes and peer records: ECDSA (DER) over SHA-256, only for bytes that begin with a libp2p domain. */
  z.object({ kind: z.literal('libp2p'), bytes: z.instanceof(Uint8Array) }),
  /** EIP-712 PieceAcceptance of the storage market. */
  z.object({
    kind: z.literal('pieceAcceptance'),
    customer: addressSchema,
    piecesHash: bytes32Schema,
    pricePerGiBPeriodWei: weiTextSchema,
    retrievalPricePerMiBWei: weiTextSchema,
    minimumBytesPerSecond: z.number().int().nonnegative(),
    sequence: z.number().int().nonnegative(),
    expirySeconds: z.number().int().positive(),
  }),
  /** EIP-712 Departure of the storage market; `heir` is null where the node forfeits. */
  z.object({
    kind: z.literal('departure'),
    customer: addressSchema,
    heir: addressSchema.nullable(),
    sequence: z.number().int().nonnegative(),
    expirySeconds: z.number().int().positive(),
  }),
  /** EIP-712 PriceTerms of the registry. */
  z.object({
    kind: z.literal('priceTerms'),
    pricePerGiBPeriodWei: weiTextSchema,
    retrievalPricePerMiBWei: weiTextSchema,
    minimumBytesPerSecond: z.number().int().nonnegative(),
    sequence: z.number().int().nonnegative(),
  }),
  /** EIP-712 AuditResult: this node agrees with what a customer says of an audit. */
  z.object({
    kind: z.literal('auditResult'),
    customer: addressSchema,
    period: z.number().int().nonnegative(),
    atSeconds: z.number().int().positive(),
    asked: z.number().int().positive(),
    right: z.number().int().nonnegative(),
    late: z.number().int().nonnegative(),
    wrong: z.number().int().nonnegative(),
    silent: z.number().int().nonnegative(),
    latencyMs: z.number().int().nonnegative(),
  }),
  /** EIP-712 TakeWork of the render pool: this node wants to be drawn until then. */
  z.object({
    kind: z.literal('takeWork'),
    backEndClass: z.number().int().min(0).max(255),
    capacity: z.number().int().positive().max(255),
    untilSeconds: z.number().int().positive(),
  }),
  /** EIP-712 StopWork of the render pool; the time is that of the present TakeWork. */
  z.object({ kind: z.literal('stopWork'), untilSeconds: z.number().int().positive() }),
  /** EIP-712 RenderCommit of the render market: results of this node's tasks, as many commitments as tasks. */
  z.object({
    kind: z.literal('renderCommit'),
    jobId: bytes32Schema,
    tasks: z.array(z.number().int().nonnegative()).min(1).max(256),
    commitments: z.array(bytes32Schema).min(1).max(256),
  }),
  /** EIP-712 PanelVote of the render panel: this node's hidden vote on a disputed result. */
  z.object({
    kind: z.literal('panelVote'),
    jobId: bytes32Schema,
    task: z.number().int().nonnegative(),
    commitment: bytes32Schema,
    voteBySeconds: z.number().int().positive(),
  }),
])

export type SignRequest = Readonly<z.infer<typeof signRequestSchema>>

/** A permissionless call that the machine's gas account sends for a worker. */
export const submitRequestSchema = z.object({
  purpose: z.enum([
    'priceTerms',
    'seedOpen',
    'seedCapture',
    'storageProof',
    'storageSettle',
    'storageExit',
    'voucherRedeem',
    'renderPool',
    'renderCommit',
    'renderReveal',
    'renderRelease',
    'renderPanel',
  ]),
  to: addressSchema,
  data: hexSchema,
})

export type SubmitRequest = Readonly<z.infer<typeof submitRequestSchema>>

export const submitResultSchema = z.object({
  transactionHash: bytes32Schema,
  blockNumber: z.number().int(),
  gasUsed: weiTextSchema,
})

export type SubmitResult = Readonly<z.infer<typeof submitResultSchema>>

/** What a worker asks of its owner; each is answered by a `reply` with the same id. */
export const workerRequestSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('sign'), request: signRequestSchema }),
  z.object({ kind: z.literal('submit'), request: submitRequestSchema }),
  /** A hidden window to render in; answered with a SurfaceTicket. */
  z.object({ kind: z.literal('openSurface') }),
])

export type WorkerRequest = Readonly<z.infer<typeof workerRequestSchema>>

/** Why a period ended without a proof, as far as the worker noticed. */
export const missCauseSchema = z.enum([
  'asleep',
  'notRunning',
  'chainAway',
  'diskAway',
  'pieceLost',
  'gasLow',
  'proofRefused',
])

export type MissCause = z.infer<typeof missCauseSchema>

/** Things that happened in a role and that a person may want to read or count. */
export const roleEventSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('pieceStored'), root: bytes32Schema, lengthBytes: z.number(), customer: addressSchema }),
  z.object({ kind: z.literal('piecesAccepted'), customer: addressSchema, count: z.number(), lengthBytes: z.number() }),
  z.object({ kind: z.literal('pieceServed'), root: bytes32Schema, lengthBytes: z.number(), customer: addressSchema }),
  z.object({ kind: z.literal('pieceRemoved'), root: bytes32Schema, lengthBytes: z.number(), reason: z.string() }),
  z.object({ kind: z.literal('pieceDamaged'), root: bytes32Schema, blockIndex: z.number() }),
  /** A disk never comes back, and these pieces lay on it. */
  z.object({
    kind: z.literal('piecesLost'),
    count: z.number(),
    lengthBytes: z.number(),
    roots: z.array(bytes32Schema).readonly(),
  }),
  z.object({
    kind: z.literal('proofAccepted'),
    customer: addressSchema,
    period: z.number(),
    transactionHash: bytes32Schema,
    blockNumber: z.number(),
  }),
  z.object({ kind: z.literal('proofFailed'), customer: addressSchema, period: z.number(), message: z.string() }),
  /** Periods that ended without a proof and cost their pay; `message` is what the worker last knew. */
  z.object({
    kind: z.literal('periodMissed'),
    customer: addressSchema,
    firstPeriod: z.number(),
    lastPeriod: z.number(),
    cause: missCauseSchema,
    message: z.string(),
  }),
  /** Periods that count for nobody, because the network drew its seed too late. */
  z.object({
    kind: z.literal('periodVoid'),
    customer: addressSchema,
    firstPeriod: z.number(),
    lastPeriod: z.number(),
  }),
  z.object({ kind: z.literal('voucherReceived'), customer: addressSchema, cumulativeWei: weiTextSchema }),
  z.object({ kind: z.literal('voucherRedeemed'), customer: addressSchema, transactionHash: bytes32Schema }),
  z.object({
    kind: z.literal('piecesHandedOver'),
    customer: addressSchema,
    heir: addressSchema,
    count: z.number(),
    lengthBytes: z.number(),
    transactionHash: bytes32Schema,
  }),
  z.object({ kind: z.literal('setForfeited'), customer: addressSchema, transactionHash: bytes32Schema }),
  z.object({ kind: z.literal('leftStorage') }),
  ...renderEventSchemas,
  z.object({ kind: z.literal('chainLost'), message: z.string() }),
  z.object({ kind: z.literal('chainBack'), blockNumber: z.number() }),
  z.object({ kind: z.literal('problem'), code: z.string(), message: z.string(), action: z.string().nullable() }),
  z.object({ kind: z.literal('problemSolved'), code: z.string() }),
])

export type RoleEvent = Readonly<z.infer<typeof roleEventSchema>>

/** What a provider knows of its own reputation. Customers may judge otherwise by what only they know. */
export const ownReputationSchema = z.object({
  /** 0 to 100; 50 and the points of all reasons sum to it. */
  score: z.number(),
  reasons: z.array(z.object({ name: z.string(), points: z.number() })).readonly(),
  proven: z.number().int(),
  missed: z.number().int(),
  void: z.number().int(),
  /** Of the newest missed periods; null without one. */
  lastMissCause: missCauseSchema.nullable(),
  audits: z.object({ count: z.number().int(), asked: z.number().int(), right: z.number().int() }),
  /** In the middle, of downloads served since the start; null before the first. */
  servedBytesPerSecond: z.number().nullable(),
})

export type OwnReputation = Readonly<z.infer<typeof ownReputationSchema>>

/** What a worker shows of itself; sent at once when something changes and at least with every heartbeat. */
export const roleStatusSchema = z.object({
  peerId: z.string().nullable(),
  multiaddrs: z.array(z.string()).readonly(),
  peers: z.number().int(),
  /** Epoch milliseconds of the last work that a customer or contract accepted; null before the first. */
  lastAcceptedWorkAtMs: z.number().nullable(),
  storage: z
    .object({
      pieces: z.number().int(),
      /** Customers of whose files pieces are held, counted from the moment that they are stored. */
      customers: z.number().int(),
      usedBytes: z.number().int(),
      pendingBytes: z.number().int(),
      freeBytes: z.number().int().nullable(),
      dataSets: z.number().int(),
      provenSets: z.number().int(),
      lastProvenPeriod: z.number().int().nullable(),
      currentPeriod: z.number().int().nullable(),
      nextProofAtMs: z.number().nullable(),
      unredeemedWei: weiTextSchema,
      /** When the escrow that ends first is used up, epoch milliseconds; absent while unknown. */
      paidUntilMs: z.number().nullish(),
      /** How customers judge this node, from what it knows itself; absent before the first look. */
      reputation: ownReputationSchema.nullish(),
    })
    .nullable(),
  /** How the render role stands; absent for other roles. */
  render: renderStatusSchema.nullish(),
  /** How the meter of the energy role stands; absent for other roles. */
  energy: energyStatusSchema.nullish(),
  /** The disks of a role that keeps pieces. */
  disks: z.array(diskStatusSchema).readonly().optional(),
  /** How leaving stands, or what it would mean; null before the first look. */
  leaving: leaveStatusSchema.nullable().optional(),
  /** Codes of problems that are open now, worst first; each was announced by a `problem` event. */
  problems: z.array(z.object({ code: z.string(), message: z.string(), action: z.string().nullable() })).readonly(),
})

export type RoleStatus = Readonly<z.infer<typeof roleStatusSchema>>

export const serializedErrorSchema = z.object({
  code: z.string(),
  message: z.string(),
  action: z.string().nullable(),
})

/** Owner to worker. */
export const toWorkerSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('start'), start: workerStartSchema }),
  z.object({ kind: z.literal('allowance'), allowance: allowanceSchema }),
  z.object({ kind: z.literal('heartbeat'), id: z.number().int() }),
  z.object({ kind: z.literal('bootstrapPeers'), multiaddrs: z.array(z.string()).readonly() }),
  z.object({ kind: z.literal('reply'), id: z.number().int(), result: z.unknown() }),
  z.object({ kind: z.literal('replyError'), id: z.number().int(), error: serializedErrorSchema }),
  /** Finish what was acknowledged, take nothing new, answer `drained`. */
  z.object({ kind: z.literal('drain'), deadlineMs: z.number().int() }),
])

export type ToWorker = Readonly<z.infer<typeof toWorkerSchema>>

/** Worker to owner. */
export const fromWorkerSchema = z.discriminatedUnion('kind', [
  /** The process is up and can be started. */
  z.object({ kind: z.literal('loaded'), pid: z.number().int() }),
  z.object({ kind: z.literal('ready'), status: roleStatusSchema }),
  z.object({ kind: z.literal('heartbeat'), id: z.number().int(), residentBytes: z.number() }),
  z.object({ kind: z.literal('status'), status: roleStatusSchema }),
  z.object({ kind: z.literal('event'), event: roleEventSchema, atMs: z.number() }),
  z.object({ kind: z.literal('request'), id: z.number().int(), request: workerRequestSchema }),
  z.object({
    kind: z.literal('log'),
    level: z.enum(['debug', 'info', 'warn', 'error']),
    message: z.string(),
    details: z.record(z.string(), z.unknown()).optional(),
  }),
  z.object({ kind: z.literal('drained') }),
  /** The role cannot run as configured; a restart would not help. */
  z.object({ kind: z.literal('fatal'), error: serializedErrorSchema }),
])

export type FromWorker = Readonly<z.infer<typeof fromWorkerSchema>>
