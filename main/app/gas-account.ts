import type { NetworkFile, TransactionSender } from '../../contracts/client/index.ts'
import { HearthError } from '../../roles/api/errors.ts'
import type { SubmitRequest, SubmitResult } from '../../roles/api/messages.ts'
import type { GasLedger } from '../store/index.ts'
import { assertWorkCall } from './work-calls.ts'

/** A receipt may take this long: some blocks, a lost chain that comes back, one resubmission. */
const receiptTimeoutMs = 120_000
/** Over so long the spending is bounded. */
export const dayMs = 24 * 60 * 60 * 1000

/** Sends the permissionless calls of workers. Rejects with SUBMIT_REFUSED, DAILY_SPEND_REACHED or the contract's error. */
export type WorkSubmitter = (request: SubmitRequest, options?: { signal?: AbortSignal }) => Promise<SubmitResult>

/** The machine has spent on fees what its operator allowed for a day (PROTOCOL 1.2). */
export class DailySpendError extends HearthError {}

/**
 * The machine's gas account as workers see it.
 *
 * Only calls on the list of `work-calls.ts` are sent, and only while the last 24 hours cost less than what the operator's
 * sentence allows (`dailyLimitWei`, native; null = not known yet, nothing is bounded by it). What is in flight is not
 * counted before its receipt, so the bound can be passed by the calls that are open at that moment, never by more.
 */
export function createWorkSubmitter(o: {
  network: NetworkFile
  sender: Pick<TransactionSender, 'send'>
  ledger: GasLedger
  dailyLimitWei: () => bigint | null
}): WorkSubmitter {
  return async (request, options = {}) => {
    assertWorkCall(request, o.network)
    const limitWei = o.dailyLimitWei()
    const spentWei = o.ledger.spentSinceWei(Date.now() - dayMs)
    if (limitWei !== null && spentWei >= limitWei) {
      throw new DailySpendError('DAILY_SPEND_REACHED', 'The fees of a day that the operator allowed are used up.', {
        action: 'Wait, or authorize this computer again with a higher amount.',
        details: { spentWei, limitWei },
      })
    }
    const call = { to: request.to, data: request.data }
    const receipt = await o.sender.send(call, { timeoutMs: receiptTimeoutMs, ...options })
    const spending = {
      transactionHash: receipt.hash,
      atMs: Date.now(),
      purpose: request.purpose,
      spentWei: receipt.fee,
    }
    o.ledger.add(spending)
    return { transactionHash: receipt.hash, blockNumber: receipt.blockNumber, gasUsed: receipt.gasUsed.toString() }
  }
}

/** Gas of the most expensive thing that happens every period: a possession proof, rounded up. */
const proofGas = 250_000n
/** A float that pays for fewer proofs than this is called low: about two days with one customer on a real network. */
const lowFloatProofs = 20
/** More than anybody counts: a chain whose gas costs nothing. */
const mostProofs = 1_000_000_000n

/** Possession proofs that a balance pays for at a price. Amounts in native wei. */
export function proofsPaidBy(balanceWei: bigint, gasPriceWei: bigint): number {
  const proofs = gasPriceWei === 0n ? mostProofs : balanceWei / (proofGas * gasPriceWei)
  return Number(proofs < mostProofs ? proofs : mostProofs)
}

/** True when the gas account should be topped up soon. */
export function isFloatLow(proofsLeft: number): boolean {
  return proofsLeft < lowFloatProofs
}
