import { z } from 'zod'
import { allowanceSchema } from '../../roles/api/allowance.ts'
import { roleStatusSchema } from '../../roles/api/messages.ts'
import { roleNameSchema } from '../../roles/api/roles.ts'
import { weiTextSchema } from '../../roles/api/values.ts'
import { inventorySchema } from './inventory.ts'
import { roleIntentSchema } from './settings.ts'
import { gasViewSchema, walletViewSchema } from './wallet.ts'

/** Health of a worker process, apart from whether it earns. */
export const processStateSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('stopped') }),
  z.object({ kind: z.literal('starting'), sinceMs: z.number() }),
  z.object({ kind: z.literal('running'), sinceMs: z.number(), pid: z.number() }),
  z.object({ kind: z.literal('draining'), deadlineMs: z.number() }),
  z.object({ kind: z.literal('waiting'), restartAtMs: z.number(), crash: z.string(), attempt: z.number() }),
  z.object({ kind: z.literal('parked'), crash: z.string(), crashes: z.number() }),
])

export type ProcessState = Readonly<z.infer<typeof processStateSchema>>

/** Why a running role has or has not earned; shown beside the process state, never merged with it. */
export const earningStateSchema = z.object({
  earning: z.boolean(),
  lastAcceptedWorkAtMs: z.number().nullable(),
  reason: z.enum([
    'earning',
    'notRunning',
    'starting',
    'waitingForConsentOnChain',
    'waitingForFirstCustomer',
    'waitingForFirstProof',
    'noRecentWork',
    'paused',
    'gasLow',
    'chainUnreachable',
    'noPeers',
    'problem',
  ]),
})

export type EarningState = Readonly<z.infer<typeof earningStateSchema>>

export const earningsSummarySchema = z.object({
  earnedWei: weiTextSchema,
  claimedWei: weiTextSchema,
  claimableWei: weiTextSchema,
  movedToStakeWei: weiTextSchema,
  accruingWei: weiTextSchema,
  burnedWei: weiTextSchema,
  gasWei: weiTextSchema,
  byRole: z.partialRecord(roleNameSchema, weiTextSchema),
  /** The part of `earnedWei` that is shares of ended epochs, and the same of `byRole`. */
  rewardsWei: weiTextSchema,
  rewardsByRole: z.partialRecord(roleNameSchema, weiTextSchema),
  /** The part of `accruingWei` that the running epoch would give if it ended now. */
  accruingRewardsWei: weiTextSchema,
  /** False when the sum of the events differs from the contract's balance: shown in red, never hidden. */
  reconciles: z.boolean(),
  asOfBlock: z.number().nullable(),
})

export type EarningsSummary = Readonly<z.infer<typeof earningsSummarySchema>>

/** One part of the stake that was taken, and for which missed proof. */
export const stakeTakenSchema = z.object({
  amountWei: weiTextSchema,
  /** End of the round that was missed; null where the chain does not say. */
  missedAtMs: z.number().nullable(),
  /** Another machine of the operator missed it. */
  elsewhere: z.boolean().optional(),
  customer: z.string().nullable(),
  transactionHash: z.string(),
})

/** What the operator has put behind the storage work of this machine, and what missed proofs do to it. */
export const stakeViewSchema = z.object({
  /** All of it, also what is on its way back. */
  provisionWei: weiTextSchema,
  unbondingWei: weiTextSchema,
  unbondingEndsAtMs: z.number().nullable(),
  /** The most that this machine could still lose of it, by the sentence that authorized it. */
  atRiskWei: weiTextSchema,
  /** Taken and burned so far, over all machines of the operator. */
  slashedWei: weiTextSchema,
  /** Proofs missed within the window for the customer where most were: the next one counts from there. */
  faultsInWindow: z.number(),
  nextFaultCostsWei: weiTextSchema,
  windowMs: z.number(),
  /** Customers' sets that are open; while there are any, nothing can be asked back. */
  openSets: z.number(),
  /** Newest first, at most ten. */
  taken: z.array(stakeTakenSchema),
})

export type StakeView = Readonly<z.infer<typeof stakeViewSchema>>

export const roleViewSchema = z.object({
  role: roleNameSchema,
  intent: roleIntentSchema,
  process: processStateSchema,
  earning: earningStateSchema,
  allowance: allowanceSchema,
  status: roleStatusSchema.nullable(),
  node: z.string().nullable(),
  boundOnChain: z.boolean().nullable(),
  todayWei: weiTextSchema,
})

export type RoleView = Readonly<z.infer<typeof roleViewSchema>>

export const networkViewSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('none') }),
  /** `step` counts through the start of the practice network for a progress bar. */
  z.object({ kind: z.literal('starting'), step: z.string(), done: z.number(), total: z.number() }),
  z.object({
    kind: z.literal('ready'),
    practice: z.boolean(),
    name: z.string(),
    symbol: z.string(),
    chainId: z.number(),
    blockNumber: z.number().nullable(),
    neighbours: z.number().nullable(),
    /** Plain words such as "made anew because the contracts changed", once, else null. */
    notice: z.string().nullable(),
  }),
  z.object({
    kind: z.literal('unreachable'),
    name: z.string(),
    sinceMs: z.number(),
    message: z.string(),
    /** As in `ready`, so that amounts keep their symbol and their mark while nothing answers. */
    practice: z.boolean().optional(),
    symbol: z.string().optional(),
  }),
  z.object({ kind: z.literal('failed'), message: z.string(), action: z.string().nullable() }),
])

export type NetworkView = Readonly<z.infer<typeof networkViewSchema>>

/** Measured verdict on whether a disk suits storage, with its reasons as codes for the locale. */
export const suitabilitySchema = z.object({
  mount: z.string(),
  verdict: z.enum(['good', 'fair', 'poor', 'unsuitable']),
  reasons: z.array(
    z.enum([
      'roomy',
      'littleSpace',
      'readOnly',
      'slowWrite',
      'fastWrite',
      'removable',
      'networkDisk',
      'failing',
      'notWritable',
    ]),
  ),
  writeBytesPerSecond: z.number().nullable(),
  suggestedLimitBytes: z.number(),
  maximumLimitBytes: z.number(),
})

export type Suitability = Readonly<z.infer<typeof suitabilitySchema>>

/** Everything the window shows that changes by itself; sent whole, since it is small. */
export const snapshotSchema = z.object({
  version: z.string(),
  atMs: z.number(),
  network: networkViewSchema,
  operator: z.string().nullable(),
  roles: z.array(roleViewSchema),
  earnings: earningsSummarySchema.nullable(),
  /** Null until it is read. */
  stake: stakeViewSchema.nullable(),
  inventory: inventorySchema.nullable(),
  suitability: z.array(suitabilitySchema),
  pausedAllUntilMs: z.number().nullable(),
  gasFloatLow: z.boolean().nullable(),
  /** Null until a network is there. */
  wallet: walletViewSchema.nullable(),
  gas: gasViewSchema.nullable(),
  theme: z.enum(['system', 'light', 'dark']),
})

export type Snapshot = Readonly<z.infer<typeof snapshotSchema>>
