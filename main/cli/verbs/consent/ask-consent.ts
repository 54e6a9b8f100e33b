import { join } from 'node:path'
import type { ConsentForm, ConsentRequest } from '../../../api/wallet.ts'
import { carryOut, confirmedAfter } from '../../../earnings/index.ts'
import { confirmedPayoutOf, openGasLedger, withConfirmedPayout } from '../../../store/index.ts'
import type { VerbContext } from '../verb.ts'
import { describeReview } from './describe-review.ts'
import type { Operator } from './with-operator.ts'

/** What every verb with a consent tells of it. */
export type GivenConsent = {
  readonly kind: ConsentRequest['kind']
  readonly operator: string
  readonly text: string
  readonly transactionHash: string
  /** Paid by this home's gas account, in the chain's own coin. */
  readonly feeWei: bigint
  /** Paid by the operator's own account for a transaction in place of the text, in the chain's own coin. */
  readonly operatorFeeWei: bigint
  readonly form: ConsentForm
  /** Whom tokens went to, or will go to; null where nobody is named. */
  readonly to: string | null
}

/** Shows a consent as the device will page it, has it signed there and sent; resolves when it has landed. */
export async function askConsent(
  { output, signal }: VerbContext,
  operated: Operator,
  request: ConsentRequest,
): Promise<GivenConsent> {
  const { device, sender, signed, wallet, operator, form } = operated
  const confirmed = confirmedPayoutOf(await wallet.read(), operator)
  const { sentence, transactionHash, feeWei, operatorFeeWei } = await carryOut({
    subject: operated,
    ...{ request, form },
    confirmed,
    hardware: device.hardware,
    device,
    sender,
    signed,
    onLanded: async (landed) => {
      await wallet.update((record) =>
        withConfirmedPayout(record, operator, confirmedAfter(confirmedPayoutOf(record, operator), landed)),
      )
    },
    onReview: (review) => describeReview(review, device).forEach((line) => output.note(line)),
    signal,
  })
  noteFee(operated, request.kind, { transactionHash, feeWei })
  const { text, recipient } = sentence
  return { kind: request.kind, form, operator, text, transactionHash, feeWei, operatorFeeWei, to: recipient }
}

/** The machine's fees of a day are bounded and shown: what this verb spent counts too. */
export function noteFee(
  { home, chain }: Operator,
  purpose: string,
  spent: { readonly transactionHash: string; readonly feeWei: bigint },
): void {
  if (spent.feeWei === 0n) return
  const ledger = openGasLedger(join(home.stateDirectory(), 'gas.sqlite'), chain.network.genesisHash)
  try {
    const { transactionHash, feeWei } = spent
    ledger.add({ transactionHash, atMs: Date.now(), purpose, spentWei: feeWei })
  } finally {
    ledger.close()
  }
}
