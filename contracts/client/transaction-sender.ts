import { isError, type TransactionReceipt, type TransactionRequest, type Wallet } from 'ethers'
import { abortable, sleep } from './abortable.ts'
import type { Chain, ChainCall } from './chain.ts'
import { decodeCallError, isConnectionProblem } from './decode-call-error.ts'
import { ChainCancelledError, ContractCallError, GasAccountEmptyError, TransactionTimeoutError } from './errors.ts'
import { gasLimitOf } from './gas.ts'

export type SenderOptions = {
  readonly timeoutMs?: number
  readonly signal?: AbortSignal
  readonly onSent?: (hash: string) => void
}

export type TransactionSender = {
  readonly address: string
  /**
   * Sends a call and waits until it is mined. Calls get their numbers in the order of asking and do not wait for each
   * other's receipts. What a reorganization, a restart of the chain or a full queue drops is sent again until
   * `timeoutMs` (two minutes by default). `onSent` is told the hash whenever the call is on its way, also again. Throws
   * ContractCallError, GasAccountEmptyError, TransactionTimeoutError, ChainCancelledError.
   */
  send(call: ChainCall, options?: SenderOptions): Promise<TransactionReceipt>
  /** Ends all waits; what was sent stays sent. */
  close(): void
}

type Sent = { readonly hash: string; readonly raw: string; readonly nonce: number }
type Outcome = { readonly kind: 'mined'; readonly receipt: TransactionReceipt } | { readonly kind: 'lost' }

const defaultTimeoutMs = 120_000
const checkEveryMs = 2_000
const practicePollMs = 200
const realPollMs = 1_000
const longestDelayMs = 5_000

/** The one owner of a key's transaction numbers in this process. */
export function createTransactionSender(chain: Chain, wallet: Wallet): TransactionSender {
  const queue = new SendQueue(chain, wallet)
  return {
    address: wallet.address,
    send: (call, options = {}) => queue.send(call, options),
    close: () => queue.close(),
  }
}

class SendQueue {
  readonly #provider: Chain['provider']
  readonly #chainId: number
  readonly #pollMs: number
  readonly #wallet: Wallet
  readonly #closing = new AbortController()
  readonly #inFlight = new Set<number>()
  #nextNonce: number | null = null
  #line: Promise<unknown> = Promise.resolve()

  constructor(chain: Chain, wallet: Wallet) {
    this.#provider = chain.provider
    this.#chainId = chain.network.chainId
    this.#pollMs = chain.network.practice ? practicePollMs : realPollMs
    this.#wallet = wallet
  }

  close(): void {
    this.#closing.abort()
  }

  async send(call: ChainCall, options: SenderOptions): Promise<TransactionReceipt> {
    const timeoutMs = options.timeoutMs ?? defaultTimeoutMs
    const deadline = Date.now() + timeoutMs
    // A signal of its own for each call: listeners would pile up on a shared one.
    const ends = [this.#closing.signal, ...(options.signal === undefined ? [] : [options.signal])]
    const signal = AbortSignal.any(ends)
    let last: Sent | null = null
    while (Date.now() < deadline) {
      if (signal.aborted) throw new ChainCancelledError('Sending a transaction')
      const request = await this.#untilReached(() => this.#prepare(call), deadline, signal)
      if (request === null) break
      last = await this.#untilReached(() => this.#inLine(() => this.#broadcast(request)), deadline, signal)
      if (last === null) break
      options.onSent?.(last.hash)
      const outcome = await this.#follow(last, deadline, signal)
      if (outcome === null) break
      if (outcome.kind === 'mined') return this.#accepted(outcome.receipt, request)
    }
    throw new TransactionTimeoutError('The transaction', timeoutMs, last?.hash ?? null)
  }

  /** Estimates gas first: a call that would be refused costs nothing and takes no number. */
  async #prepare(call: ChainCall): Promise<TransactionRequest> {
    const base = { from: this.#wallet.address, to: call.to, data: call.data, value: call.value ?? 0n }
    const [gas, fees] = await Promise.all([this.#provider.estimateGas(base), this.#provider.getFeeData()])
    const pricing =
      fees.maxFeePerGas === null
        ? { type: 0, gasPrice: fees.gasPrice ?? 0n }
        : { type: 2, maxFeePerGas: fees.maxFeePerGas, maxPriorityFeePerGas: fees.maxPriorityFeePerGas ?? 0n }
    return { ...base, ...pricing, chainId: this.#chainId, gasLimit: gasLimitOf(gas) }
  }

  async #inLine<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#line.then(work, work)
    this.#line = turn.catch(() => {})
    return turn
  }

  async #broadcast(request: TransactionRequest): Promise<Sent> {
    this.#nextNonce ??= await this.#provider.getTransactionCount(this.#wallet.address, 'pending')
    const nonce = this.#nextNonce
    const raw = await this.#wallet.signTransaction({ ...request, nonce })
    try {
      const { hash } = await this.#provider.broadcastTransaction(raw)
      this.#nextNonce = nonce + 1
      return { hash, raw, nonce }
    } catch (error) {
      // Another process used the number, or it is not known whether this one arrived: count again.
      this.#nextNonce = null
      throw error
    }
  }

  /** Waits until a transaction is mined or can never be; null when time is up. */
  async #follow(sent: Sent, deadline: number, signal: AbortSignal): Promise<Outcome | null> {
    this.#inFlight.add(sent.nonce)
    try {
      let checkAt = Date.now() + checkEveryMs
      while (Date.now() < deadline) {
        const receipt = await orNull(this.#provider.getTransactionReceipt(sent.hash))
        if (receipt !== null) return { kind: 'mined', receipt }
        if (Date.now() >= checkAt) {
          if (await this.#isLost(sent)) {
            this.#nextNonce = null
            return { kind: 'lost' }
          }
          checkAt = Date.now() + checkEveryMs
        }
        await sleep(this.#pollMs, 'Waiting for a transaction', signal)
      }
      return null
    } finally {
      this.#inFlight.delete(sent.nonce)
    }
  }

  /** Looks whether a transaction that is not mined still can be, and sends it again when the node forgot it. */
  async #isLost(sent: Sent): Promise<boolean> {
    const count = await orNull(this.#provider.getTransactionCount(this.#wallet.address, 'latest'))
    if (count === null) return false
    if (count > sent.nonce) return (await orNull(this.#provider.getTransactionReceipt(sent.hash))) === null
    // The chain is older than what was sent (restored from a file): the numbers before ours are gone for ever.
    if (count < Math.min(...this.#inFlight)) return true
    const known = await orNull(this.#provider.getTransaction(sent.hash))
    if (known === null) await orNull(this.#provider.broadcastTransaction(sent.raw))
    return false
  }

  /** Repeats while the chain cannot be reached or the number was taken; null when time is up. */
  async #untilReached<T>(work: () => Promise<T>, deadline: number, signal: AbortSignal): Promise<T | null> {
    for (let delayMs = 100; ; delayMs = Math.min(delayMs * 2, longestDelayMs)) {
      try {
        return await abortable(work(), 'Sending a transaction', signal)
      } catch (error) {
        if (error instanceof ChainCancelledError) throw error
        if (isError(error, 'INSUFFICIENT_FUNDS')) throw new GasAccountEmptyError(this.#wallet.address, error)
        if (!isConnectionProblem(error) && !isNumberTaken(error)) throw decodeCallError(error)
      }
      if (Date.now() + delayMs >= deadline) return null
      await sleep(delayMs, 'Sending a transaction', signal)
    }
  }

  /** A mined transaction that failed is called again at its block to learn the contract's reason. */
  async #accepted(receipt: TransactionReceipt, request: TransactionRequest): Promise<TransactionReceipt> {
    if (receipt.status === 1) return receipt
    const { from, to, data, value } = request
    try {
      await this.#provider.call({ from, to, data, value, blockTag: receipt.blockNumber })
    } catch (error) {
      throw decodeCallError(error)
    }
    throw new ContractCallError('Reverted', [])
  }
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
