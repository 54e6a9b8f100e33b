import type { CodedFile } from '../protocol/manifest.ts'
import type { Acceptance } from './accept-batch.ts'
import type { RegisteredProvider } from './find-providers.ts'
import type { NetworkFields, OnBehalf } from './upload-piece.ts'

/** A customer's data set on one node, as far as a customer needs it. */
export type SetFacts = {
  readonly node: string
  readonly operator: string
  /** `none`: cleared, may start anew. Only `active` sets are proven and paid. */
  readonly state: 'none' | 'active' | 'dropping' | 'ended'
  readonly sequence: number
  /** Paid per period at the present size. */
  readonly rateWei: bigint
  readonly escrowWei: bigint
  /** Null before the first proof. */
  readonly lastProvenPeriod: number | null
  /** The first period that can be proven. */
  readonly firstPeriod: number
}

/** All that a storage customer reads from the chain and writes to it; one method, one fact. */
export type Market = {
  readonly network: NetworkFields
  readonly customer: string
  /** Empty but where a repairer works for the customer; then locks and balance are the repairer's. */
  readonly onBehalf: OnBehalf
  /** Operators bound for a shorter time count as new (PROTOCOL 5.8). */
  readonly newOperatorSeconds: number
  /** Length of a proving period. */
  readonly periodSeconds: number
  prefixOf(multiaddr: string): string
  /** Storage nodes of the registry but for revoked ones, which only old pieces are still fetched from. */
  listProviders(options?: { revokedToo?: boolean; signal?: AbortSignal }): Promise<RegisteredProvider[]>
  /** The manifest with each piece at the node that has it now, after providers left. */
  followHeirs<File extends CodedFile>(file: File): Promise<File>
  currentPeriod(): Promise<number>
  readSet(node: string): Promise<SetFacts | null>
  listSets(): Promise<SetFacts[]>
  /** What vouchers to a node may draw on (thawing tokens do not count), and what they have drawn so far. */
  readLock(node: string): Promise<{ availableWei: bigint; redeemedWei: bigint }>
  /** Price of retrieval per MiB, as last agreed with a node. */
  retrievalPriceWei(node: string): Promise<bigint>
  balanceWei(): Promise<bigint>
  /** Allows Payments to take at least that much, once, with a cap that leaves room for a few more files. */
  ensureAllowance(amountWei: bigint): Promise<void>
  /** Locks tokens for retrieval from several nodes in one transaction. */
  lock(amounts: ReadonlyMap<string, bigint>): Promise<void>
  /**
   * Clears the records of sets that ended long enough ago, so that their nodes can take pieces again, and tells the nodes
   * (in lower case) that cannot yet: their set is ending, or ended a short while ago.
   */
  clearEndedSets(): Promise<ReadonlySet<string>>
  addPieces(node: string, acceptance: Acceptance, depositWei: bigint): Promise<void>
  topUp(node: string, amountWei: bigint): Promise<void>
}
