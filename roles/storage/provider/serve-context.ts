import { getAddress } from 'ethers'
import type { Allowance } from '../../api/allowance.ts'
import type { RoleContext } from '../../api/worker.ts'
import type { NetworkFile } from '../../../contracts/client/index.ts'
import type { NodeVoucherStore } from '../../vouchers/index.ts'
import { sameAddress } from '../../api/values.ts'
import { RefusedError } from './errors.ts'
import type { PieceStore } from './piece-store.ts'
import type { Prices } from './prices.ts'
import type { Throttle } from '../../upkeep/throttle.ts'

/** What the chain tells about a customer, read as rarely as is safe. */
export type CustomerFacts = {
  /** The customer's lock with this node. `fresh` asks the chain, else an answer of a few seconds ago will do. */
  lockedWei(customer: string, options?: { fresh?: boolean }): Promise<bigint>
  /** Tokens that the customer could still put into escrow. */
  balanceWei(customer: string): Promise<bigint>
  /** What a named repairer may still spend for a customer; null when it is not named. */
  repairBudgetWei(customer: string, repairer: string): Promise<bigint | null>
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

/** On whose account a caller works: its own, or that of a customer who has named it (PROTOCOL 5.7). Throws RefusedError. */
export async function payerOf(
  context: Pick<ServeContext, 'customers'>,
  caller: string,
  claimed: string | undefined,
): Promise<{ readonly customer: string; balanceWei(): Promise<bigint> }> {
  if (claimed === undefined) return { customer: caller, balanceWei: () => context.customers.balanceWei(caller) }
  const customer = getAddress(claimed)
  const budgetWei = await context.customers.repairBudgetWei(customer, caller)
  if (budgetWei === null) throw new RefusedError('notNamed', `Customer ${customer} has not named you as a repairer.`)
  return { customer, balanceWei: () => Promise.resolve(budgetWei) }
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
