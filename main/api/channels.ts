import { z } from 'zod'
import { roleNameSchema } from '../../roles/api/roles.ts'
import { bytes32Schema, hexSchema, weiTextSchema } from '../../roles/api/values.ts'
import type { serializedErrorSchema } from '../../roles/api/messages.ts'
import { diskChangeSchema } from './disk-change.ts'
import { earningsOverviewSchema, ledgerPageSchema, rewardCheckSchema, taxPriceSchema } from './earnings.ts'
import { snapshotSchema } from './snapshot.ts'
import { consentRequestSchema, consentReviewSchema, deviceChoiceSchema, practiceButtonSchema } from './wallet.ts'

/** One line of the activity log. `code` and `values` are put into words by the window's locale. */
export const activitySchema = z.object({
  id: z.number().int(),
  atMs: z.number(),
  role: roleNameSchema.nullable(),
  level: z.enum(['info', 'good', 'warning', 'error']),
  code: z.string(),
  values: z.record(z.string(), z.union([z.string(), z.number()])),
  transactionHash: bytes32Schema.nullable(),
})

export const earningDaySchema = z.object({
  /** Local calendar day, `YYYY-MM-DD`. */
  day: z.string(),
  earnedWei: weiTextSchema,
  proofs: z.number().int(),
  byRole: z.partialRecord(roleNameSchema, weiTextSchema),
})

export const pieceRowSchema = z.object({
  root: bytes32Schema,
  lengthBytes: z.number(),
  customer: z.string(),
  storedAtMs: z.number(),
  state: z.enum(['pending', 'held', 'damaged']),
  lastProvenPeriod: z.number().nullable(),
})

export type Activity = Readonly<z.infer<typeof activitySchema>>
export type EarningDay = Readonly<z.infer<typeof earningDaySchema>>
export type PieceRow = Readonly<z.infer<typeof pieceRowSchema>>

const nothing = z.undefined()
const limits = z.object({
  role: roleNameSchema,
  diskPath: z.string().max(4096).nullable(),
  diskLimitBytes: z.number().int().positive().nullable(),
  gpuShare: z.number().min(0.1).max(1).nullable().optional(),
})

/** `forfeit`: give up what nobody takes over. */
const leaveChange = z.object({ leave: z.boolean(), forfeit: z.boolean() })

/** Pages that the window may ask to open in the person's browser; by name, never by URL. */
export const linkNames = ['project', 'security', 'licenses'] as const

/**
 * The one table of messages between window and main. Preload, bridge, fakes and the handler record derive from it,
 * so that a channel without a handler, or a handler without a channel, does not compile.
 */
export const requestChannels = {
  'snapshot:get': { argument: nothing, result: snapshotSchema },
  'roles:switchOn': { argument: limits.extend({ consented: z.literal(true) }), result: nothing },
  'roles:switchOff': { argument: z.object({ role: roleNameSchema }), result: nothing },
  'roles:setLimits': { argument: limits, result: nothing },
  'roles:leave': { argument: leaveChange, result: nothing },
  'disks:change': { argument: diskChangeSchema, result: nothing },
  'roles:retry': { argument: z.object({ role: roleNameSchema }), result: nothing },
  'roles:pauseAll': { argument: z.object({ untilMs: z.number().nullable() }), result: nothing },
  'roles:resumeAll': { argument: nothing, result: nothing },
  'hardware:rescan': { argument: nothing, result: nothing },
  'activity:list': {
    argument: z.object({ beforeId: z.number().int().nullable(), limit: z.number().int().min(1).max(200) }),
    result: z.array(activitySchema),
  },
  'earnings:byDay': {
    argument: z.object({ days: z.number().int().min(1).max(366) }),
    result: z.array(earningDaySchema),
  },
  'earnings:overview': { argument: nothing, result: earningsOverviewSchema },
  'earnings:ledger': {
    argument: z.object({ offset: z.number().int().nonnegative(), limit: z.number().int().min(1).max(200) }),
    result: ledgerPageSchema,
  },
  /** Sets the amount below which the person does not want to claim, in micro-tokens. */
  'earnings:setMinimum': { argument: z.object({ micro: z.string().regex(/^\d{1,13}$/) }), result: nothing },
  /** Asks where to, and writes the file; `savedAs` is null when the person changed their mind. */
  'earnings:saveCsv': {
    argument: z.object({ price: taxPriceSchema }),
    result: z.object({ savedAs: z.string().nullable(), rows: z.number().int() }),
  },
  'rewards:verify': { argument: z.object({ epoch: z.number().int().positive() }), result: rewardCheckSchema },
  'wallet:choose': { argument: deviceChoiceSchema, result: nothing },
  /** Looks at the device once and lets go of it. */
  'wallet:check': { argument: nothing, result: nothing },
  'wallet:press': { argument: z.object({ button: practiceButtonSchema }), result: nothing },
  'wallet:setPractice': { argument: z.object({ blindSigning: z.boolean(), locked: z.boolean() }), result: nothing },
  'consent:prepare': { argument: consentRequestSchema, result: consentReviewSchema },
  /** The same as a transaction of the operator's account, which needs blind signing. */
  'consent:prepareTransaction': { argument: consentRequestSchema, result: consentReviewSchema },
  /** `text`, and `unsigned` of a transaction, are what the window showed: main compares them byte for byte with its own. */
  'consent:sign': {
    argument: z.object({ id: z.string(), text: z.string().max(400), unsigned: hexSchema.max(20_000).optional() }),
    result: z.object({ transactionHash: bytes32Schema }),
  },
  'consent:cancel': { argument: z.object({ id: z.string() }), result: nothing },
  /** Finishes a payout change whose time has come. */
  'payout:finish': { argument: nothing, result: nothing },
  'storage:pieces': {
    argument: z.object({ offset: z.number().int().nonnegative(), limit: z.number().int().min(1).max(200) }),
    result: z.object({ total: z.number(), rows: z.array(pieceRowSchema) }),
  },
  'network:startPractice': { argument: nothing, result: nothing },
  'settings:setTheme': { argument: z.object({ theme: z.enum(['system', 'light', 'dark']) }), result: nothing },
  'links:open': { argument: z.object({ name: z.enum(linkNames) }), result: nothing },
} as const

/** What main tells the window without being asked. */
export const eventChannels = {
  'snapshot:changed': snapshotSchema,
  'activity:added': activitySchema,
} as const

export type RequestChannel = keyof typeof requestChannels
export type EventChannel = keyof typeof eventChannels
export type RequestArgument<C extends RequestChannel> = z.infer<(typeof requestChannels)[C]['argument']>
export type RequestResult<C extends RequestChannel> = z.infer<(typeof requestChannels)[C]['result']>
export type EventPayload<C extends EventChannel> = z.infer<(typeof eventChannels)[C]>

/** An expected failure is a value at this edge; only bugs throw. */
export type BridgeResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: z.infer<typeof serializedErrorSchema> }

/** What the preload script puts on `window.hearth`. */
export type HearthBridge = {
  request<C extends RequestChannel>(channel: C, argument: RequestArgument<C>): Promise<BridgeResult<RequestResult<C>>>
  subscribe<C extends EventChannel>(channel: C, listener: (payload: EventPayload<C>) => void): () => void
}

/** One handler per request channel; the type is the check that none is missing. */
export type RequestHandlers = {
  readonly [C in RequestChannel]: (argument: RequestArgument<C>) => Promise<RequestResult<C>>
}
