import type { RoleName } from '../../roles/api/roles.ts'
import type { Undo } from '../../roles/api/values.ts'
import type { Activity, EarningDay, PieceRow } from './channels.ts'
import type { DiskChange } from './disk-change.ts'
import type { EarningsOverview, LedgerPage, RewardCheck, TaxPrice } from './earnings.ts'
import type { Settings } from './settings.ts'
import type { Snapshot } from './snapshot.ts'
import type { ConsentRequest, ConsentReview, DeviceChoice, PracticeButton } from './wallet.ts'

/** The operator's device and his consents. All methods reject with a HearthError that says what to do. */
export type WalletService = {
  /** Takes another device; its account is whom this computer works for once it has named it. */
  choose(choice: DeviceChoice): Promise<void>
  /** Looks at the device once and lets go of it; what is in the way shows in the snapshot. */
  check(): Promise<void>
  /** Presses a button of the practice Ledger. */
  press(options: { button: PracticeButton }): Promise<void>
  setPractice(options: { blindSigning: boolean; locked: boolean }): Promise<void>
  /** Composes a sentence from the chain for review. */
  prepare(request: ConsentRequest): Promise<ConsentReview>
  /** The same as a transaction of the operator's account: for devices and accounts that cannot use the sentence. */
  prepareTransaction(request: ConsentRequest): Promise<ConsentReview>
  /** Has it signed and sent; `text` and `unsigned` are what the window showed. Resolves when it has landed. */
  sign(shown: { id: string; text: string; unsigned?: string | undefined }): Promise<{ transactionHash: string }>
  cancel(options: { id: string }): Promise<void>
  /** Finishes a payout change whose time has come. */
  finishPayout(): Promise<void>
}

/** The books of the home's operator, as the earnings page asks for them. All methods reject with a HearthError in words. */
export type BooksService = {
  overview(): Promise<EarningsOverview>
  ledger(page: { offset: number; limit: number }): Promise<LedgerPage>
  /** Below so many micro-tokens the person does not want to claim. */
  setMinimum(options: { micro: string }): Promise<void>
  /** Asks where to, and writes the whole ledger there with a file of notes beside it. */
  saveCsv(options: { price: TaxPrice }): Promise<{ savedAs: string | null; rows: number }>
  /** Recomputes an epoch that is over from the events of all payments. */
  verifyReward(options: { epoch: number }): Promise<RewardCheck>
}

/** What a person lets a role use: a disk and room on it for storage, a share of the graphics processor for rendering. */
export type RoleLimits = {
  readonly role: RoleName
  readonly diskPath: string | null
  readonly diskLimitBytes: number | null
  /** Absent or null for the usual share. */
  readonly gpuShare?: number | null | undefined
}

/**
 * The engine as the window and the command line see it: one per home, with or without a window.
 * All methods reject with a HearthError that says what to do.
 */
export type EngineService = {
  readonly wallet: WalletService
  snapshot(): Snapshot
  onSnapshot(listener: (snapshot: Snapshot) => void): Undo
  onActivity(listener: (activity: Activity) => void): Undo
  activity(options: { beforeId: number | null; limit: number }): Promise<readonly Activity[]>
  earningsByDay(options: { days: number }): Promise<readonly EarningDay[]>
  readonly books: BooksService
  pieces(options: { offset: number; limit: number }): Promise<{ total: number; rows: readonly PieceRow[] }>
  switchOn(options: RoleLimits): Promise<void>
  switchOff(options: { role: RoleName }): Promise<void>
  setLimits(options: RoleLimits): Promise<void>
  /** Leaves storage for good, or stays with what has not gone yet. */
  leave(change: { readonly leave: boolean; readonly forfeit: boolean }): Promise<void>
  /** Adds, moves, shrinks or removes a disk of storage. Rejects with what would be lost. */
  changeDisks(change: DiskChange): Promise<void>
  retry(options: { role: RoleName }): Promise<void>
  pauseAll(options: { untilMs: number | null }): Promise<void>
  resumeAll(): Promise<void>
  rescanHardware(): Promise<void>
  startPractice(): Promise<void>
  setTheme(theme: Settings['theme']): Promise<void>
  /** Drains every role by the deadline and lets go of the home's lock. Idempotent. */
  stop(options: { deadlineMs: number }): Promise<void>
}
