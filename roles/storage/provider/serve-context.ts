import type { Allowance } from '../../api/allowance.ts'
import type { RoleContext } from '../../api/worker.ts'
import type { NetworkFile } from '../../../contracts/client/index.ts'
import type { NodeVoucherStore } from '../../vouchers/index.ts'
import { sameAddress } from '../../api/values.ts'
import { RefusedError } from './errors.ts'
import type { PieceStore } from './piece-store.ts'
import type { Prices } from './prices.ts'
import type { Throttle } from './throttle.ts'

/** What the chain tells about a customer, read as rarely as is safe. */
export type CustomerFacts = {
  /** The customer's lock with this node. `fresh` asks the chain, else an answer of a few seconds ago will do. */
  lockedWei(customer: string, options?: { fresh?: boolean }): Promise<bigint>
  /** Tokens that the customer could still put into escrow. */
  balanceWei(customer: string): Promise<bigint>
  /** Sequence number that the next acceptance must carry. */
  nextSequence(customer: string): Promise<number>
}

/** What the handlers of the storage protocols share. */
export type ServeContext = {
  readonly role: RoleContext
  readonly network: NetworkFile
  readonly store: PieceStore
  readonly vouchers: NodeVoucherStore
  readonly customers: CustomerFacts
  readonly upload: Throttle
  readonly download: Throttle
  prices(): Prices
  /** Remembers how fast a download went. */
  noteServed(lengthBytes: number, tookMs: number): void
  /** Seconds since 1970 as the chain counts them, else the computer's clock. */
  nowSeconds(): number
  /** True once the role is being stopped: nothing new is taken. */
  draining(): boolean
}

/** Throws RefusedError `wrongNetwork` unless the peer talks about this chain and market. */
export function assertSameNetwork(
  network: NetworkFile,
  request: { readonly chainId: number; readonly market: string },
): void {
  const { StorageMarket } = network.contracts
  if (request.chainId === network.chainId && sameAddress(request.market, StorageMarket)) return
  throw new RefusedError('wrongNetwork', `This provider works on chain ${network.chainId}.`)
}

/** Throws RefusedError `paused` when the governor or a stop lets no new piece in. */
export function assertTaking(context: ServeContext): void {
  const { work, leaving } = context.role.allowance()
  if (context.draining() || work === 'paused' || (leaving ?? null) !== null) {
    throw new RefusedError('paused', 'This provider takes no pieces now.')
  }
}

/** A full or faulty disk stops new pieces only; what is stored may still be read. */
const diskReasons: readonly Allowance['reason'][] = [
  'diskReserveReached',
  'diskLimitReached',
  'diskReadOnly',
  'diskUnavailable',
]

/** Throws RefusedError `paused` when even reading is not allowed now. */
export function assertServing(context: ServeContext): void {
  const allowance = context.role.allowance()
  if (allowance.work === 'paused' && !diskReasons.includes(allowance.reason)) {
    throw new RefusedError('paused', 'This provider is paused.')
  }
}
