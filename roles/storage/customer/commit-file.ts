import { HearthError } from '../../api/errors.ts'
import type { Agreement } from './agree.ts'
import type { Market } from './market.ts'
import { planDeposit, retrievalCostRoundedUp } from './plan-deposit.ts'

/** The customer's tokens do not cover escrow and lock. */
export class TooFewTokensError extends HearthError {
  constructor(neededWei: bigint, balanceWei: bigint) {
    super('TOO_FEW_TOKENS', `Storing this needs ${neededWei} wei of the network's token; there are ${balanceWei}.`, {
      action: 'Add tokens to the customer account, or store for fewer periods.',
      details: { neededWei: neededWei.toString(), balanceWei: balanceWei.toString() },
    })
  }
}

export type CommitPlan = {
  /** Deposits for each batch of each agreement, in order. */
  readonly deposits: readonly { readonly agreement: Agreement; readonly depositsWei: readonly bigint[] }[]
  /** What each lock lacks. */
  readonly locks: ReadonlyMap<string, bigint>
  readonly totalWei: bigint
}

/** Full retrievals that the locks of a put pay for, so that a file can be fetched again without a new transaction. */
const retrievalsLocked = 2n

/** Reads balances and decides what to pay where. Throws TooFewTokensError before anything was paid. */
export async function planCommit(
  market: Market,
  agreements: readonly Agreement[],
  options: { periods: number },
): Promise<CommitPlan> {
  const deposits = agreements.map((agreement) => ({ agreement, depositsWei: depositsOf(agreement, options.periods) }))
  const locks = new Map<string, bigint>()
  for (const { offer, batches } of agreements) {
    const cost = batches
      .flatMap((batch) => batch.pieces)
      .reduce((sum, piece) => sum + retrievalCostRoundedUp(piece.lengthBytes, offer.retrievalPricePerMiBWei), 0n)
    if (cost > 0n) locks.set(offer.node, retrievalsLocked * cost)
  }
  const escrow = deposits.flatMap((deposit) => deposit.depositsWei).reduce((sum, wei) => sum + wei, 0n)
  const locked = [...locks.values()].reduce((sum, wei) => sum + wei, 0n)
  const [totalWei, balance] = [escrow + locked, await market.balanceWei()]
  if (totalWei > balance) throw new TooFewTokensError(totalWei, balance)
  return { deposits, locks, totalWei }
}

function depositsOf({ offer, set, batches }: Agreement, periods: number): bigint[] {
  const { pricePerGiBPeriodWei } = offer
  const addedBytes = batches.flatMap((batch) => batch.pieces.map((piece) => piece.lengthBytes))
  const facts = {
    rateWei: set?.rateWei ?? 0n,
    escrowWei: set?.escrowWei ?? 0n,
    addedBytes,
    pricePerGiBPeriodWei,
    periods,
  }
  // The first batch pays for all: the contract checks the escrow after each one.
  return batches.map((_, index) => (index === 0 ? planDeposit(facts) : 0n))
}

/**
 * Pays and lists the pieces on chain: allowance, one lock, then every set. Not to be interrupted: it takes seconds, and
 * what is half paid helps nobody.
 */
export async function commitFile(
  market: Market,
  plan: CommitPlan,
  onStep: (done: number, total: number) => void,
): Promise<void> {
  const total = plan.deposits.reduce((sum, deposit) => sum + deposit.agreement.batches.length, 2)
  let done = 0
  const step = (): void => onStep(++done, total)
  await market.ensureAllowance(plan.totalWei)
  step()
  if (plan.locks.size > 0) await market.lock(plan.locks)
  step()
  const sets = plan.deposits.map(async ({ agreement, depositsWei }) => {
    for (const [index, batch] of agreement.batches.entries()) {
      await market.addPieces(agreement.offer.node, batch, depositsWei[index]!)
      step()
    }
  })
  const failed = (await Promise.allSettled(sets)).find((set) => set.status === 'rejected')
  if (failed) throw failed.reason
}
