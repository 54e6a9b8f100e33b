import { isError, Transaction, type TransactionReceipt } from 'ethers'
import { abortable, sleep } from './abortable.ts'
import type { Chain } from './chain.ts'
import { decodeCallError, isConnectionProblem } from './decode-call-error.ts'
import { AccountEmptyError, ContractCallError, TransactionReplacedError, TransactionTimeoutError } from './errors.ts'
import type { SenderOptions } from './transaction-sender.ts'

type Signed = { readonly raw: string; readonly hash: string; readonly from: string; readonly transaction: Transaction }

const what = 'Sending a signed transaction'
const defaultTimeoutMs = 120_000
const practicePollMs = 200
const realPollMs = 1_000

/**
 * Sends a transaction that somebody else's key has signed, and waits until it is mined. It cannot be changed: what the chain drops
 * is sent again as it is until `timeoutMs` (two minutes by default). Before each sending it is tried on the latest block, so that
 * one which would be refused costs nothing. May be called again for the same transaction, also after a restart.
 *
 * Throws TransactionReplacedError when another transaction took its number, ContractCallError when the contract refuses,
 * AccountEmptyError, TransactionTimeoutError, ChainCancelledError.
 */
export async function sendSigned(chain: Chain, raw: string, options: SenderOptions = {}): Promise<TransactionReceipt> {
  const signed = readSigned(raw)
  const { signal, timeoutMs = defaultTimeoutMs } = options
  const deadline = Date.now() + timeoutMs
  let told = false
  while (Date.now() < deadline) {
    const seen = await orAway(abortable(lookOrSend(chain, signed), what, signal))
    if (seen !== null && !told) {
      told = true
      options.onSent?.(signed.hash)
    }
    if (seen !== null && seen !== 'waiting') return accepted(chain, signed, seen)
    await sleep(chain.network.practice ? practicePollMs : realPollMs, what, signal)
  }
  throw new TransactionTimeoutError('The transaction', timeoutMs, told ? signed.hash : null)
}

function readSigned(raw: string): Signed {
  const transaction = Transaction.from(raw)
  const { hash, from } = transaction
  if (hash === null || from === null) throw new RangeError('This transaction is not signed.')
  return { raw, hash, from, transaction }
}

/** The receipt, or `waiting` when a node has it; sends it to one that does not know it. */
async function lookOrSend({ provider }: Chain, signed: Signed): Promise<TransactionReceipt | 'waiting'> {
  const { hash, from, transaction } = signed
  // The count first: a transaction that is mined between the two questions has its receipt then.
  const count = await provider.getTransactionCount(from, 'latest')
  const receipt = await provider.getTransactionReceipt(hash)
  if (receipt !== null) return receipt
  if (count > transaction.nonce) throw new TransactionReplacedError(from, transaction.nonce)
  if ((await provider.getTransaction(hash)) !== null) return 'waiting'
  const { to, data, value } = transaction
  await provider.call({ from, to, data, value })
  try {
    await provider.broadcastTransaction(signed.raw)
  } catch (error) {
    // An older one with this number, or with a lower one, is in the queue: who is mined shows which it was.
    if (!isQueued(error)) throw error
  }
  return 'waiting'
}

function isQueued(error: unknown): boolean {
  if (isError(error, 'NONCE_EXPIRED') || isError(error, 'REPLACEMENT_UNDERPRICED')) return true
  const text = error instanceof Error ? error.message : ''
  return /nonce too low|already known|already imported|underpriced/i.test(text)
}

/** Null while the chain cannot be reached. */
async function orAway<T>(looking: Promise<T>): Promise<T | null> {
  try {
    return await looking
  } catch (error) {
    if (isConnectionProblem(error)) return null
    if (isError(error, 'INSUFFICIENT_FUNDS')) throw new AccountEmptyError(error)
    throw decodeCallError(error)
  }
}

/** A mined transaction that failed is called again at its block to learn the contract's reason. */
async function accepted(chain: Chain, { from, transaction }: Signed, receipt: TransactionReceipt) {
  if (receipt.status === 1) return receipt
  const { to, data, value } = transaction
  try {
    await chain.provider.call({ from, to, data, value, blockTag: receipt.blockNumber })
  } catch (error) {
    throw decodeCallError(error)
  }
  throw new ContractCallError('Reverted', [])
}
