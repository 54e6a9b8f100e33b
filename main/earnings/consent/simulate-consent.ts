import { estimateCallGas } from '../../../contracts/client/index.ts'
import type { ConsentRequest } from '../../api/wallet.ts'
import type { ComposedConsent } from './compose-consent.ts'
import type { ConsentSubject } from './consent-ground.ts'
import { explainRefusal } from './explain-refusal.ts'

/** Gas that a signature adds to a call: its recovery (3,000) and its bytes, rounded up from receipts. */
const signatureGas = 6_000n

/**
 * Tries the sentence on the latest block as if the operator sent it himself, which needs no signature. Resolves to the gas that
 * it will take; rejects with the contract's refusal in words, before anybody was asked to sign.
 */
export async function simulateConsent(
  { chain, operator }: Pick<ConsentSubject, 'chain' | 'operator'>,
  request: ConsentRequest,
  composed: ComposedConsent,
  options: { readonly signal: AbortSignal },
): Promise<bigint> {
  try {
    return (await estimateCallGas(chain, composed.callWith('0x'), { from: operator, ...options })) + signatureGas
  } catch (error) {
    throw explainRefusal(error, request, chain.network.symbol)
  }
}
