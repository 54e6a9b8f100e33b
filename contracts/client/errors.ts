/**
 * Errors of the chain client. They have the same fields as every Hearth error (`code`, `message`, `action`, `details`),
 * but their own base: contracts/client may import nothing but contracts/abi, so that the static verifier page can use it
 * alone.
 */
export class ChainError extends Error {
  readonly code: string
  readonly action: string | null
  readonly details: Readonly<Record<string, unknown>>

  constructor(
    code: string,
    message: string,
    options: { action?: string; details?: Readonly<Record<string, unknown>>; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = new.target.name
    this.code = code
    this.action = options.action ?? null
    this.details = options.details ?? {}
  }
}

/** A contract refused a call; `errorName` and `args` are those of its custom error. */
export class ContractCallError extends ChainError {
  readonly errorName: string
  readonly args: readonly unknown[]

  constructor(errorName: string, args: readonly unknown[], cause?: unknown) {
    const text = args.map((value) => String(value)).join(', ')
    super('CONTRACT_REFUSED', `The contract refused the call: ${errorName}(${text}).`, {
      details: { errorName, args: args.map((value) => String(value)) },
      cause,
    })
    this.errorName = errorName
    this.args = args
  }
}

/** A transaction was not mined in time; it may still be. */
export class TransactionTimeoutError extends ChainError {
  constructor(purpose: string, timeoutMs: number, hash: string | null) {
    super('TRANSACTION_TIMEOUT', `${purpose} was not confirmed by the chain within ${timeoutMs} ms.`, {
      action: 'Check that the chain is reachable, then try again.',
      details: { timeoutMs, hash },
    })
  }
}

/** The chain was reorganized between two reads: a block that it named a moment ago is gone. */
export class BlockGoneError extends ChainError {
  constructor(blockNumber: number) {
    super('BLOCK_GONE', `Block ${blockNumber} is no longer part of the chain.`, {
      action: 'Read again: the chain was reorganized.',
      details: { blockNumber },
    })
  }
}

/** The account that pays for gas has too little of the chain's own coin. */
export class GasAccountEmptyError extends ChainError {
  constructor(address: string, cause?: unknown) {
    super('GAS_ACCOUNT_EMPTY', `The gas account ${address} cannot pay for the transaction.`, {
      action: `Send a little of the chain's own coin to ${address}.`,
      details: { address },
      cause,
    })
  }
}

/** The account that signed a transaction has too little of the chain's own coin for it. */
export class AccountEmptyError extends ChainError {
  constructor(cause?: unknown) {
    super('ACCOUNT_EMPTY', 'The account that signed the transaction cannot pay for it.', {
      action: "Send it a little of the chain's own coin; it is tried again by itself.",
      cause,
    })
  }
}

/** Another transaction of an account was mined under the number of this one, which therefore never can be. */
export class TransactionReplacedError extends ChainError {
  constructor(address: string, nonce: number) {
    super('TRANSACTION_REPLACED', `Another transaction of ${address} was carried out in place of this one.`, {
      action: 'Look at what it did, then review again if you still want this.',
      details: { address, nonce },
    })
  }
}

/** The wait ended because the caller no longer wants the answer. */
export class ChainCancelledError extends ChainError {
  constructor(what: string) {
    super('CANCELLED', `${what} was cancelled.`)
  }
}
