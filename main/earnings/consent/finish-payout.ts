import {
  type Chain,
  ContractCallError,
  encodeFinishPayout,
  type Payout,
  type TransactionSender,
} from '../../../contracts/client/index.ts'
import { sameAddress } from '../../../roles/api/values.ts'
import type { ConfirmedPayout } from '../../store/index.ts'
import { ConsentRefusedError } from './errors.ts'
import { noPayoutChange, payoutWaiting, refuse } from './explain-refusal.ts'

const confirmTimeoutMs = 120_000

/**
 * Puts an announced payout into effect; needs nobody's signature. Only the address that the device confirmed on this computer
 * is helped along: another one was announced by somebody who may be a thief (PROTOCOL 1.8). Rejects with NO_PAYOUT_CHANGE,
 * PAYOUT_NOT_CONFIRMED or PAYOUT_WAITING.
 */
export async function finishPayout(o: {
  readonly chain: Chain
  readonly operator: string
  readonly payout: Payout
  readonly confirmed: ConfirmedPayout
  readonly sender: Pick<TransactionSender, 'send'>
  readonly signal: AbortSignal
}): Promise<{ transactionHash: string; feeWei: bigint }> {
  const { change } = o.payout
  if (change === null) throw refuse(noPayoutChange)
  if (!isChangeConfirmed(o.payout, o.confirmed)) {
    throw new ConsentRefusedError(
      'PAYOUT_NOT_CONFIRMED',
      `The change of payout to ${change.address} was not confirmed by the device of this computer.`,
      { action: 'Cancel it if you did not ask for it, or ask for it once more with your device.' },
    )
  }
  const call = encodeFinishPayout(o.chain.network, { operator: o.operator })
  try {
    const receipt = await o.sender.send(call, { timeoutMs: confirmTimeoutMs, signal: o.signal })
    return { transactionHash: receipt.hash, feeWei: receipt.fee }
  } catch (error) {
    if (!(error instanceof ContractCallError)) throw error
    if (error.errorName === 'PayoutWaiting') throw refuse(payoutWaiting(Number(error.args[0])))
    throw error.errorName === 'NoPayoutChange' ? refuse(noPayoutChange) : error
  }
}

/** True when the announced change is one that the device confirmed on this computer. Pure. */
export function isChangeConfirmed({ change }: Payout, { next }: ConfirmedPayout): boolean {
  return change !== null && next !== null && sameAddress(change.address, next)
}
