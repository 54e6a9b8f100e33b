import { HearthError } from '../../api/errors.ts'
import type { NetworkNode } from '../../network/index.ts'
import { creditBytes } from '../../vouchers/index.ts'
import type { PieceRef } from './accept-batch.ts'
import { askForSignature, type Agreement } from './agree.ts'
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
  /** What each set gets before its pieces are listed; its first batch pays for all. */
  readonly deposits: readonly { readonly agreement: Agreement; readonly depositWei: bigint }[]
  /** What the put adds to each lock. */
  readonly locks: ReadonlyMap<string, bigint>
  readonly totalWei: bigint
}

/**
 * Full retrievals that the locks of a put pay for beside what was served on trust, so that a file can be fetched again without a
 * new transaction.
 */
const retrievalsLocked = 2n

/** Reads balances and decides what to pay where. Throws TooFewTokensError before anything was paid. */
export async function planCommit(
  market: Market,
  agreements: readonly Agreement[],
  options: { periods: number },
): Promise<CommitPlan> {
  const deposits = agreements.map((agreement) => ({ agreement, depositWei: depositOf(agreement, options.periods) }))
  const locks = new Map<string, bigint>()
  for (const agreement of agreements) {
    const price = agreement.offer.retrievalPricePerMiBWei
    const cost = piecesOf(agreement).reduce((sum, piece) => sum + retrievalCostRoundedUp(piece.lengthBytes, price), 0n)
    if (cost > 0n) locks.set(agreement.offer.node, retrievalsLocked * cost + retrievalCostRoundedUp(creditBytes, price))
  }
  const parts = [...deposits.map((deposit) => deposit.depositWei), ...locks.values()]
  const [totalWei, balance] = [parts.reduce((sum, wei) => sum + wei, 0n), await market.balanceWei()]
  if (totalWei > balance) throw new TooFewTokensError(totalWei, balance)
  return { deposits, locks, totalWei }
}

function piecesOf({ first, later }: Agreement): readonly PieceRef[] {
  return [first.pieces, ...later].flat()
}

function depositOf(agreement: Agreement, periods: number): bigint {
  const { offer, set } = agreement
  return planDeposit({
    rateWei: set?.rateWei ?? 0n,
    escrowWei: set?.escrowWei ?? 0n,
    addedBytes: piecesOf(agreement).map((piece) => piece.lengthBytes),
    pricePerGiBPeriodWei: offer.pricePerGiBPeriodWei,
    periods,
  })
}

/**
 * Pays and lists the pieces on chain: allowance, one lock, then every set. Not to be interrupted: it takes seconds, and
 * what is half paid helps nobody.
 */
export async function commitFile(
  market: Market,
  node: NetworkNode,
  plan: CommitPlan,
  onStep: (done: number, total: number) => void,
): Promise<void> {
  const total = plan.deposits.reduce((sum, { agreement }) => sum + 1 + agreement.later.length, 2)
  let done = 0
  const step = (): void => onStep(++done, total)
  await market.ensureAllowance(plan.totalWei)
  step()
  if (plan.locks.size > 0) await market.lock(plan.locks)
  step()
  const sets = plan.deposits.map(({ agreement, depositWei }) => listPieces(market, node, agreement, depositWei, step))
  const failed = (await Promise.allSettled(sets)).find((set) => set.status === 'rejected')
  if (failed) throw failed.reason
}

async function listPieces(
  market: Market,
  node: NetworkNode,
  { offer, first, later }: Agreement,
  depositWei: bigint,
  step: () => void,
): Promise<void> {
  await market.addPieces(offer.node, first, depositWei)
  step()
  for (const [index, batch] of later.entries()) {
    const sequence = first.sequence + 1 + index
    await market.addPieces(offer.node, await askForSignature(market, node, offer, batch, { sequence }), 0n)
    step()
  }
}
