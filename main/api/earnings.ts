import { z } from 'zod'
import { roleNameSchema } from '../../roles/api/roles.ts'
import { addressSchema, bytes32Schema, weiTextSchema } from '../../roles/api/values.ts'

const signedWeiSchema = z.string().regex(/^(0|-?[1-9][0-9]*)$/)

/** One line of the ledger. Work and rewards add up to what was earned; claims and moves into stake take from it. */
export const ledgerRowSchema = z.object({
  id: z.string(),
  atMs: z.number(),
  kind: z.enum(['work', 'reward', 'claim', 'stake']),
  role: roleNameSchema.nullable(),
  /** The key that worked: one per machine and role. */
  node: addressSchema.nullable(),
  customer: addressSchema.nullable(),
  work: z.enum(['storageProof', 'voucher', 'repair', 'renderUnit', 'energyDay']).nullable(),
  /** The epoch whose share this is. */
  epoch: z.number().int().nullable(),
  amountWei: signedWeiSchema,
  /** The fee that was burned with it. */
  burnedWei: weiTextSchema,
  blockNumber: z.number().int().nullable(),
  transactionHash: bytes32Schema.nullable(),
})

export type LedgerRow = Readonly<z.infer<typeof ledgerRowSchema>>

export const ledgerPageSchema = z.object({
  total: z.number().int(),
  rows: z.array(ledgerRowSchema),
  /** Sums over all rows, and what the contract says; `reconciles` only when they agree to the wei. */
  sums: z.object({
    earnedWei: weiTextSchema,
    /** Part of what was earned. */
    rewardsWei: weiTextSchema,
    claimedWei: weiTextSchema,
    movedToStakeWei: weiTextSchema,
    burnedWei: weiTextSchema,
    contractEarnedWei: weiTextSchema,
    contractRewardsWei: weiTextSchema,
    contractClaimedWei: weiTextSchema,
    contractMovedToStakeWei: weiTextSchema,
    contractBurnedWei: weiTextSchema,
    /** What the contract says is left: earned without claimed and moved. */
    contractClaimableWei: weiTextSchema,
    reconciles: z.boolean(),
  }),
})

export type LedgerPage = Readonly<z.infer<typeof ledgerPageSchema>>

const spanSchema = z.object({
  earnedWei: weiTextSchema,
  byRole: z.partialRecord(roleNameSchema, weiTextSchema),
  byNode: z.record(z.string(), weiTextSchema),
})

/**
 * Why a week brought less than the one before. Each reason's `values` have `wei`, what it took, and: `gone` and `came`
 * (fewerCustomers, customers), `percent` (timeOff, lessStored), `proofs` (missedProofs).
 */
export const weekReasonCodes = [
  'fewerCustomers',
  'timeOff',
  'missedProofs',
  'lessStored',
  'lowerPrices',
  'fewerDownloads',
  'fewerRepairs',
  'fewerFrames',
  'lessSold',
  'lessRewardPerFee',
  'lessRewardForLessWork',
] as const

export type WeekReasonCode = (typeof weekReasonCodes)[number]

/** Figures of the earnings page. */
export const earningsOverviewSchema = z.object({
  today: spanSchema,
  sevenDays: spanSchema,
  thirtyDays: spanSchema,
  lifetime: spanSchema,
  /**
   * Length of what `estimate` and `week` call a day: an epoch, which is 24 hours, but a minute on practice networks, whose
   * weeks pass in seven. Absent: 24 hours.
   */
  dayMs: z.number().int().positive().optional(),
  /** Null with the reason until there is enough data. */
  estimate: z.discriminatedUnion('kind', [
    z.object({
      kind: z.literal('range'),
      /** For the next seven days. */
      lowWei: weiTextSchema,
      highWei: weiTextSchema,
      basisDays: z.number().int(),
      /** Share of past weeks in which the same estimate held; null before there was one. */
      pastHits: z.object({ held: z.number().int(), of: z.number().int() }).nullable(),
    }),
    z.object({ kind: z.literal('tooEarly'), daysSeen: z.number().int(), daysNeeded: z.number().int() }),
  ]),
  /** This week against the one before, with reasons as codes for the locale, the weightiest first. */
  week: z
    .object({
      thisWei: weiTextSchema,
      lastWei: weiTextSchema,
      reasons: z.array(z.object({ code: z.string(), values: z.record(z.string(), z.union([z.string(), z.number()])) })),
    })
    .nullable(),
  /** Whether a claim pays: its gas against the amount, by the network file's rate between coin and token. */
  advice: z.object({
    claimableMicro: z.string(),
    gasWei: weiTextSchema,
    /** The same in tokens; null when the network file knows no rate. */
    gasInTokenWei: weiTextSchema.nullable(),
    verdict: z.enum(['nothing', 'belowOwnMinimum', 'tooDear', 'worthIt', 'unknownRate']),
    /** When, at the present pace, gas falls to a twentieth of the amount; null when it has, or never will. */
    breakEvenAtMs: z.number().nullable(),
    ownMinimumMicro: z.string(),
  }),
  reconciles: z.boolean(),
})

export type EarningsOverview = Readonly<z.infer<typeof earningsOverviewSchema>>

/** Prices for the tax export: entered by the person, per token. Nothing is asked of any server. */
export const taxPriceSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('none') }),
  z.object({
    kind: z.literal('fixed'),
    price: z.string().regex(/^\d{1,9}(\.\d{1,9})?$/),
    currency: z.string().regex(/^[A-Z]{3}$/),
  }),
  /** `date,price` lines, dates as YYYY-MM-DD in rising order; a day without a line takes the one before. */
  z.object({ kind: z.literal('table'), csv: z.string().max(1_000_000), currency: z.string().regex(/^[A-Z]{3}$/) }),
])

export type TaxPrice = Readonly<z.infer<typeof taxPriceSchema>>

/** Result of recomputing an epoch from events. */
export const rewardCheckSchema = z.object({
  epoch: z.number().int(),
  operators: z.number().int(),
  /** This operator's share by the contract and by recomputation. */
  contractWei: weiTextSchema,
  recomputedWei: weiTextSchema,
  equal: z.boolean(),
})

export type RewardCheck = Readonly<z.infer<typeof rewardCheckSchema>>
