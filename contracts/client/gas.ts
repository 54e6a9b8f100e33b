import { abortable } from './abortable.ts'
import type { Chain, ChainCall } from './chain.ts'
import { decodeCallError } from './decode-call-error.ts'

/** Room over the estimate, since state may change before the call is mined. */
const marginPercent = 130n
/**
 * A payment or claim that is mined in another epoch than it was estimated in may be the one that closes the epoch between
 * (contracts/README, gas). What is not used is not paid for.
 */
const closingEpochGas = 200_000n

/** Gas to allow a call whose estimate this is. */
export function gasLimitOf(estimate: bigint): bigint {
  return (estimate * marginPercent) / 100n + closingEpochGas
}

/**
 * Gas that a call would use now, sent by `from`: for a sentence that is to be submitted, the machine's gas account. Throws
 * ContractCallError with the contract's own error when it would be refused; nothing is sent.
 */
export async function estimateCallGas(
  chain: Chain,
  call: ChainCall,
  options: { readonly from: string; readonly signal?: AbortSignal },
): Promise<bigint> {
  const request = { from: options.from, to: call.to, data: call.data, value: call.value ?? 0n }
  try {
    return await abortable(chain.provider.estimateGas(request), 'Estimating gas', options.signal)
  } catch (error) {
    throw decodeCallError(error)
  }
}
