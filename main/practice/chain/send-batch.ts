import type { JsonRpcProvider, TransactionReceipt, Wallet } from 'ethers'
import { HearthError } from '../../../roles/api/errors.ts'

/** A call of the practice chain's own set-up was reverted. */
export class SetupCallError extends HearthError {}

export type SetupCall = { readonly purpose: string; readonly to: string; readonly data: string }

/** Above what any set-up call needs; unused gas is returned. */
const gasLimit = 1_500_000n
const maxFeePerGas = 20_000_000_000n
const maxPriorityFeePerGas = 1_000_000_000n
const receiptTimeoutMs = 20_000

/**
 * Signs calls with rising numbers and sends them without waiting in between, so that all land in one or two blocks.
 * Waits for every receipt. Rejects with SetupCallError for the first that was reverted.
 */
export async function sendBatch(wallet: Wallet, provider: JsonRpcProvider, calls: readonly SetupCall[]): Promise<void> {
  if (calls.length === 0) return
  const { chainId } = await provider.getNetwork()
  const first = await provider.getTransactionCount(wallet.address, 'latest')
  const sent = calls.map(async (call, index) => {
    const fees = { type: 2, gasLimit, maxFeePerGas, maxPriorityFeePerGas }
    const raw = await wallet.signTransaction({ to: call.to, data: call.data, nonce: first + index, chainId, ...fees })
    return provider.broadcastTransaction(raw)
  })
  const transactions = await Promise.all(sent)
  // The account's last transaction is mined after all its others.
  await transactions
    .at(-1)
    ?.wait(1, receiptTimeoutMs)
    .catch(() => null)
  const receipts = await Promise.all(transactions.map((one) => provider.getTransactionReceipt(one.hash)))
  receipts.forEach((receipt, index) => requireSuccess(receipt, calls[index]!))
}

function requireSuccess(receipt: TransactionReceipt | null, call: SetupCall): void {
  if (receipt?.status === 1) return
  const how = receipt === null ? 'was not mined' : 'was reverted'
  throw new SetupCallError('PRACTICE_SETUP_FAILED', `Setting up practice failed: ${call.purpose} ${how}.`)
}
