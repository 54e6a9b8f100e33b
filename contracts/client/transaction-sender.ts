import { isError, type TransactionReceipt, type TransactionRequest, type Wallet } from 'ethers'
import { abortable, sleep } from './abortable.ts'
import type { Chain, ChainCall } from './chain.ts'
import { decodeCallError, isConnectionProblem } from './decode-call-error.ts'
import { ChainCancelledError, ContractCallError, GasAccountEmptyError, TransactionTimeoutError } from './errors.ts'

export type TransactionSender = {
  readonly address: string
  /**
   * Sends a call and waits until it is mined. Calls get their numbers in the order of asking and do not wait for each
   * other's receipts. What a reorganization, a restart of the chain or a full queue drops is sent again until
   * `timeoutMs` (two minutes by default). Throws ContractCallError, GasAccountEmptyError, TransactionTimeoutError,
   * ChainCancelledError.
   */
  send(call: ChainCall, options?: { timeoutMs?: number; signal?: AbortSignal }): Promise<TransactionReceipt>
  /** Ends all waits; what was sent stays sent. */
  close(): void
}

type Sent = { readonly hash: string; readonly raw: string; readonly nonce: number }
type Outcome = { readonly kind: 'mined'; readonly receipt: TransactionReceipt } | { readonly kind: 'lost' }

const defaultTimeoutMs = 120_000
const checkEveryMs = 2_000
/** Room over the estimate, since state may change before the call is mined. */
const gasMarginPercent = 130n

/** The one owner of a key's transaction numbers in this process. */
export function createTransactionSender(chain: Chain, wallet: Wallet): TransactionSender {
  const { provider } = chain
  const pollMs = chain.network.practice ? 200 : 1_000
  const closing = new AbortController()
  const inFlight = new Set<number>()
  let nextNonce: number | null = null
  let line: Promise<unknown> = Promise.resolve()

  async function send(
    call: ChainCall,
    options: { timeoutMs?: number; signal?: AbortSignal } = {},
  ): Promise<TransactionReceipt> {
    const timeoutMs = options.timeoutMs ?? defaultTimeoutMs
    const deadline = Date.now() + timeoutMs
    const signal = options.signal === undefined ? closing.signal : AbortSignal.any([closing.signal, options.signal])
    let last: Sent | null = null
    while (Date.now() < deadline) {
      if (signal.aborted) throw new ChainCancelledError('Sending a transaction')
      const request = await untilReached(() => prepare(call), deadline, signal)
      if (request === null) break
      last = await untilReached(() => inLine(() => broadcast(request)), deadline, signal)
      if (last === null) break
      const outcome = await follow(last, deadline, signal)
      if (outcome === null) break
      if (outcome.kind === 'mined') return accepted(outcome.receipt, request)
    }
    throw new TransactionTimeoutError('The transaction', timeoutMs, last?.hash ?? null)
  }

  /** Estimates gas first: a call that would be refused costs nothing and takes no number. */
  async function prepare(call: ChainCall): Promise<TransactionRequest> {
    const base = { from: wallet.address, to: call.to, data: call.data, value: call.value ?? 0n }
    const [gas, fees] = await Promise.all([provider.estimateGas(base), provider.getFeeData()])
    const pricing =
      fees.maxFeePerGas === null
        ? { type: 0, gasPrice: fees.gasPrice ?? 0n }
        : { type: 2, maxFeePerGas: fees.maxFeePerGas, maxPriorityFeePerGas: fees.maxPriorityFeePerGas ?? 0n }
    return { ...base, ...pricing, chainId: chain.network.chainId, gasLimit: (gas * gasMarginPercent) / 100n }
  }

  async function inLine<T>(work: () => Promise<T>): Promise<T> {
    const turn = line.then(work, work)
    line = turn.catch(() => {})
    return turn
  }

  async function broadcast(request: TransactionRequest): Promise<Sent> {
    nextNonce ??= await provider.getTransactionCount(wallet.address, 'pending')
    const nonce = nextNonce
    const raw = await wallet.signTransaction({ ...request, nonce })
    try {
      const { hash } = await provider.broadcastTransaction(raw)
      nextNonce = nonce + 1
      return { hash, raw, nonce }
    } catch (error) {
      // Another process used the number, or it is not known whether this one arrived: count again.
      nextNonce = null
      throw error
    }
  }

  async function follow(sent: Sent, deadline: number, signal: AbortSignal): Promise<Outcome | null> {
    inFlight.add(sent.nonce)
    try {
      let checkAt = Date.now() + checkEveryMs
      while (Date.now() < deadline) {
        const receipt = await orNull(provider.getTransactionReceipt(sent.hash))
        if (receipt !== null) return { kind: 'mined', receipt }
        if (Date.now() >= checkAt) {
          if (await isLost(sent)) return forget()
          checkAt = Date.now() + checkEveryMs
        }
        await sleep(pollMs, 'Waiting for a transaction', signal)
      }
      return null
    } finally {
      inFlight.delete(sent.nonce)
    }
  }

  function forget(): Outcome {
    nextNonce = null
    return { kind: 'lost' }
  }

  /** Looks whether a transaction that is not mined still can be, and sends it again when the node forgot it. */
  async function isLost(sent: Sent): Promise<boolean> {
    const count = await orNull(provider.getTransactionCount(wallet.address, 'latest'))
    if (count === null) return false
    if (count > sent.nonce) return (await orNull(provider.getTransactionReceipt(sent.hash))) === null
    // The chain is older than what was sent (restored from a file): the numbers before ours are gone for ever.
    if (count < Math.min(...inFlight)) return true
    if ((await orNull(provider.getTransaction(sent.hash))) === null)
      await orNull(provider.broadcastTransaction(sent.raw))
    return false
  }

  /** Repeats while the chain cannot be reached or the number was taken; null when time is up. */
  async function untilReached<T>(work: () => Promise<T>, deadline: number, signal: AbortSignal): Promise<T | null> {
    for (let delayMs = 100; ; delayMs = Math.min(delayMs * 2, 5_000)) {
      try {
        return await abortable(work(), 'Sending a transaction', signal)
      } catch (error) {
        if (error instanceof ChainCancelledError) throw error
        if (isError(error, 'INSUFFICIENT_FUNDS')) throw new GasAccountEmptyError(wallet.address, error)
        if (!isConnectionProblem(error) && !isNumberTaken(error)) throw decodeCallError(error)
      }
      if (Date.now() + delayMs >= deadline) return null
      await sleep(delayMs, 'Sending a transaction', signal)
    }
  }

  /** A mined transaction that failed is called again at its block to learn the contract's reason. */
  async function accepted(receipt: TransactionReceipt, request: TransactionRequest): Promise<TransactionReceipt> {
    if (receipt.status === 1) return receipt
    const { from, to, data, value } = request
    try {
      await provider.call({ from, to, data, value, blockTag: receipt.blockNumber })
    } catch (error) {
      throw decodeCallError(error)
    }
    throw new ContractCallError('Reverted', [])
  }

  return { address: wallet.address, send, close: () => closing.abort() }
}

function isNumberTaken(error: unknown): boolean {
  if (isError(error, 'NONCE_EXPIRED') || isError(error, 'REPLACEMENT_UNDERPRICED')) return true
  const text = error instanceof Error ? error.message : ''
  return /nonce too low|already known|already imported|underpriced/i.test(text)
}

async function orNull<T>(promise: Promise<T | null>): Promise<T | null> {
  try {
    return await promise
  } catch {
    return null
  }
}
