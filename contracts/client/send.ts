import type { Signer, TransactionReceipt } from 'ethers'
import { abortable } from './abortable.ts'
import type { ChainCall } from './chain.ts'
import { decodeCallError } from './decode-call-error.ts'
import { TransactionTimeoutError } from './errors.ts'
import { gasLimitOf } from './gas.ts'

export type SendOptions = { readonly timeoutMs: number; readonly signal?: AbortSignal }

/**
 * Sends one call and waits until it is mined. For single calls of a key that nothing else uses; a key that works all day
 * goes through `createTransactionSender`. Throws ContractCallError when the contract refuses, TransactionTimeoutError
 * when it takes longer than `timeoutMs`.
 */
export async function sendAndWait(signer: Signer, call: ChainCall, options: SendOptions): Promise<TransactionReceipt> {
  const started = Date.now()
  try {
    const request = { to: call.to, data: call.data, value: call.value ?? 0n }
    const estimate = await abortable(signer.estimateGas(request), 'Estimating gas', options.signal)
    const sending = signer.sendTransaction({ ...request, gasLimit: gasLimitOf(estimate) })
    const transaction = await abortable(sending, 'Sending a transaction', options.signal)
    const left = Math.max(1, options.timeoutMs - (Date.now() - started))
    const receipt = await abortable(transaction.wait(1, left), 'Waiting for a transaction', options.signal)
    if (receipt === null) throw new TransactionTimeoutError('The transaction', options.timeoutMs, transaction.hash)
    return receipt
  } catch (error) {
    if ((error as { code?: unknown }).code === 'TIMEOUT') {
      throw new TransactionTimeoutError('The transaction', options.timeoutMs, null)
    }
    throw decodeCallError(error)
  }
}
