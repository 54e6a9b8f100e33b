import { z } from 'zod'
import { serializedErrorSchema } from '../../roles/api/messages.ts'
import { roleNameSchema } from '../../roles/api/roles.ts'
import { addressSchema, bytes32Schema, hexSchema, weiTextSchema } from '../../roles/api/values.ts'

/** Two shapes of screen: a page to touch (six lines of 19 characters), or two buttons (three lines of 18). */
export const screenModelSchema = z.enum(['touch', 'twoButton'])

/** What holds the operator's key. Anything but `usb` is no hardware wallet and says so wherever it is used. */
export const deviceChoiceSchema = z.discriminatedUnion('kind', [
  /** A key of the home that signs without a question; practice networks only. */
  z.object({ kind: z.literal('practiceKey') }),
  /** A software device with a screen and buttons in the window; practice networks only. */
  z.object({ kind: z.literal('practiceLedger'), model: screenModelSchema }),
  z.object({ kind: z.literal('usb') }),
  /** The vendor's emulator, or anything that speaks like it (PROTOCOL 1.13). */
  z.object({ kind: z.literal('speculos'), host: z.string(), port: z.number().int().min(1).max(65_535) }),
])

export type DeviceChoice = Readonly<z.infer<typeof deviceChoiceSchema>>

/** Every state of a device that a person can do something about; each has its own words and way on. */
export const deviceStateSchema = z.discriminatedUnion('kind', [
  /** Nothing was asked of it yet, or it answered last time and is let go of. */
  z.object({ kind: z.literal('unknown') }),
  z.object({ kind: z.literal('ready'), appVersion: z.string() }),
  /** The question is on its screen. */
  z.object({ kind: z.literal('waitingForPerson') }),
  z.object({ kind: z.literal('notConnected') }),
  /** Nothing speaks the emulator's interface at this address of the network, `HOST:PORT`. */
  z.object({ kind: z.literal('notReached'), at: z.string() }),
  /** Linux lets only administrators speak to it; `udevRule` is the text of the file that changes this. */
  z.object({ kind: z.literal('noPermission'), udevRule: z.string(), rulePath: z.string() }),
  /** The system lacks what is needed to speak to USB devices; `detail` is the system's own message. */
  z.object({ kind: z.literal('noUsbSupport'), detail: z.string() }),
  z.object({ kind: z.literal('locked') }),
  z.object({ kind: z.literal('wrongApp'), app: z.string() }),
  z.object({ kind: z.literal('appOutdated'), appVersion: z.string(), neededVersion: z.string() }),
  z.object({ kind: z.literal('refused') }),
  z.object({ kind: z.literal('blindSigningNeeded') }),
  /** It went away in the middle of a step; nothing was sent. */
  z.object({ kind: z.literal('disconnected') }),
  /** A question from before is still on its screen and must be answered there first. */
  z.object({ kind: z.literal('reviewLeft') }),
  /** Another program is speaking to it. */
  z.object({ kind: z.literal('busy') }),
  /** No answer within the limit, although nobody was asked anything. */
  z.object({ kind: z.literal('silent') }),
  z.object({ kind: z.literal('otherAccount'), expected: addressSchema, found: addressSchema }),
  /** It answered with something that its protocol does not know. */
  z.object({ kind: z.literal('unreadable'), detail: z.string() }),
])

export type DeviceState = Readonly<z.infer<typeof deviceStateSchema>>

const micro = z.string().regex(/^[1-9][0-9]{0,12}$/)

/** What an operator can be asked to consent to. Amounts are whole micro-tokens as decimal text (PROTOCOL 1.5). */
export const consentRequestSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('authorize') }),
  z.object({ kind: z.literal('revoke'), role: roleNameSchema }),
  z.object({ kind: z.literal('payout'), to: addressSchema }),
  z.object({ kind: z.literal('cancelPayout') }),
  z.object({ kind: z.literal('claim'), micro }),
  z.object({ kind: z.literal('transfer'), to: addressSchema, micro }),
  z.object({ kind: z.literal('stake'), micro }),
  z.object({ kind: z.literal('unstake'), micro }),
])

export type ConsentRequest = Readonly<z.infer<typeof consentRequestSchema>>

/**
 * How an operator consents: by a text that every device shows in full, or, as a fallback, by a transaction of his own account,
 * which needs blind signing and costs that account gas.
 */
export const consentFormSchema = z.enum(['sentence', 'transaction'])

export type ConsentForm = z.infer<typeof consentFormSchema>

/** What a device is asked to sign in place of the text, and what it costs whom. Amounts in the chain's own coin. */
export const transactionReviewSchema = z.object({
  /** Raw unsigned bytes as they go to the device; the window sends them back with the text. */
  unsigned: hexSchema,
  /** What devices can show of it: the contract, no amount, the chain, and this hash. */
  to: addressSchema,
  chainId: z.number().int(),
  hash: bytes32Schema,
  /** The operator's account, which pays. */
  from: addressSchema,
  /** Gas is paid at the price of its block; more than this it cannot cost. */
  mostWei: weiTextSchema,
  /** What the account holds now. */
  balanceWei: weiTextSchema,
})

export type TransactionReview = Readonly<z.infer<typeof transactionReviewSchema>>

/** A consent ready to be signed, as main composed it from the chain. The window shows it and sends its text back. */
export const consentReviewSchema = z.object({
  id: z.string(),
  request: consentRequestSchema,
  /** The exact text that the device shows and the contract rebuilds. */
  text: z.string(),
  /** The same text as the two kinds of screens page it: pages of lines. */
  touchPages: z.array(z.array(z.string())),
  twoButtonPages: z.array(z.array(z.string())),
  /** What the transaction will cost at the present price, in the chain's own coin: the gas account, or the one that signs it. */
  gasWei: weiTextSchema,
  /** Set where the operator signs a transaction in place of the text, which then says only what it does. */
  transaction: transactionReviewSchema.nullable(),
  deadlineMs: z.number(),
  /** Things to know before signing, as codes for the locale. */
  warnings: z.array(z.object({ code: z.string(), values: z.record(z.string(), z.union([z.string(), z.number()])) })),
})

export type ConsentReview = Readonly<z.infer<typeof consentReviewSchema>>

/** How far the one consent that is under way has come. */
export const consentProgressSchema = z.object({
  id: z.string(),
  request: consentRequestSchema,
  step: z.enum(['review', 'device', 'sending', 'confirming', 'done', 'failed']),
  transactionHash: z.string().nullable(),
  error: serializedErrorSchema.nullable(),
})

export type ConsentProgress = Readonly<z.infer<typeof consentProgressSchema>>

/** Buttons of the practice Ledger, by what they are on either kind of screen. */
export const practiceButtonSchema = z.enum(['left', 'right', 'both', 'next', 'back', 'reject', 'confirm'])

export type PracticeButton = z.infer<typeof practiceButtonSchema>

/** What the practice Ledger shows now. */
export const practiceScreenSchema = z.object({
  model: screenModelSchema,
  lines: z.array(z.string()),
  page: z.number().int(),
  pages: z.number().int(),
  /** Those that do something now. */
  buttons: z.array(practiceButtonSchema),
  blindSigning: z.boolean(),
  locked: z.boolean(),
})

export type PracticeScreen = Readonly<z.infer<typeof practiceScreenSchema>>

/** Where claims are paid to, and whether that is what the device once confirmed. */
export const payoutViewSchema = z.object({
  address: addressSchema,
  /** What the device confirmed on this computer; null when it never did. */
  confirmedAddress: addressSchema.nullable(),
  /** A change that waits; anyone may finish it after its time. */
  pending: z.object({ to: addressSchema, effectiveAtMs: z.number() }).nullable(),
  /** True when the chain names an address that no device of this computer has confirmed: shown in red. */
  differs: z.boolean(),
})

export type PayoutView = Readonly<z.infer<typeof payoutViewSchema>>

/** The operator's device and what is under way with it. */
export const walletViewSchema = z.object({
  choice: deviceChoiceSchema,
  state: deviceStateSchema,
  /** The operator's account; null until a device has named it. */
  account: addressSchema.nullable(),
  /** False: every review reads "not a hardware wallet". */
  hardware: z.boolean(),
  consent: consentProgressSchema.nullable(),
  payout: payoutViewSchema.nullable(),
  practiceScreen: practiceScreenSchema.nullable(),
  /** Tokens at the operator's own address. */
  balanceWei: weiTextSchema.nullable(),
})

export type WalletView = Readonly<z.infer<typeof walletViewSchema>>

/** The machine's gas account. Amounts in the chain's own coin. */
export const gasViewSchema = z.object({
  address: addressSchema,
  balanceWei: weiTextSchema,
  low: z.boolean(),
  /** Possession proofs that the balance pays for at the present price. */
  proofsLeft: z.number().int(),
  spentLastDayWei: weiTextSchema,
  dailyLimitWei: weiTextSchema.nullable(),
})

export type GasView = Readonly<z.infer<typeof gasViewSchema>>
