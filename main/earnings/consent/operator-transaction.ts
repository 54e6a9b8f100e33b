import { type FeeData, Transaction } from 'ethers'
import { type Chain, type ChainCall, gasLimitOf } from '../../../contracts/client/index.ts'
import type { TransactionReview } from '../../api/wallet.ts'
import { ConsentRefusedError } from './errors.ts'

/** What a review fixes of a transaction of the operator's own account; its later look must lead to the same bytes with these. */
export type TransactionTerms = {
  readonly nonce: number
  readonly gasLimit: bigint
  readonly maxFeePerGas: bigint
  /** Null on a chain that knows one price of gas only. */
  readonly maxPriorityFeePerGas: bigint | null
}

export type PreparedTransaction = { readonly terms: TransactionTerms; readonly review: TransactionReview }

type Account = { readonly chain: Chain; readonly operator: string }

/**
 * Makes the transaction that stands in for a signed text: the same call with an empty signature, which a contract takes from the
 * operator himself. Rejects with OPERATOR_CANNOT_PAY when his account does not hold the most that it can cost.
 */
export async function prepareTransaction(o: Account, call: ChainCall, gas: bigint): Promise<PreparedTransaction> {
  const { chain, operator } = o
  const [nonce, fees, balanceWei] = await readAccount(o)
  const terms = { nonce, gasLimit: gasLimitOf(gas), ...pricesOf(fees) }
  assertCanPay(operator, terms, balanceWei)
  const transaction = composeTransaction(chain.network.chainId, call, terms)
  const review: TransactionReview = {
    unsigned: transaction.unsignedSerialized,
    to: call.to,
    chainId: chain.network.chainId,
    hash: transaction.unsignedHash,
    from: operator,
    mostWei: mostWei(terms).toString(),
    balanceWei: balanceWei.toString(),
  }
  return { terms, review }
}

type Fees = Pick<FeeData, 'gasPrice' | 'maxFeePerGas' | 'maxPriorityFeePerGas'>

/** What a chain asks for now as the most that is paid; where it knows one price only, a quarter more, so that it may rise meanwhile. */
export function pricesOf(fees: Fees): Pick<TransactionTerms, 'maxFeePerGas' | 'maxPriorityFeePerGas'> {
  const { maxFeePerGas, maxPriorityFeePerGas, gasPrice } = fees
  if (maxFeePerGas !== null) {
    const tip = maxPriorityFeePerGas ?? 0n
    // More than all of it cannot be a tip; a server that says so would make bytes that nobody can read.
    return { maxFeePerGas, maxPriorityFeePerGas: tip < maxFeePerGas ? tip : maxFeePerGas }
  }
  return { maxFeePerGas: ((gasPrice ?? 0n) * 5n) / 4n, maxPriorityFeePerGas: null }
}

/** The bytes to sign. Pure: the same call and terms always make the same ones. */
export function composeTransaction(chainId: number, call: ChainCall, terms: TransactionTerms): Transaction {
  const { maxFeePerGas, maxPriorityFeePerGas, ...rest } = terms
  const pricing =
    maxPriorityFeePerGas === null
      ? { type: 0, gasPrice: maxFeePerGas }
      : { type: 2, maxFeePerGas, maxPriorityFeePerGas }
  return Transaction.from({ ...rest, ...pricing, chainId, to: call.to, data: call.data, value: 0n })
}

/**
 * Makes the transaction anew for signing. Rejects with REVIEW_OUTDATED when the account has sent another one since, or gas has
 * become dearer than what was reviewed, and with OPERATOR_CANNOT_PAY.
 */
export async function rebuildTransaction(o: Account, call: ChainCall, terms: TransactionTerms): Promise<Transaction> {
  const [nonce, fees, balanceWei] = await readAccount(o)
  if (nonce !== terms.nonce) throw outdated('Your account has sent another transaction since you reviewed this one.')
  if ((fees.gasPrice ?? 0n) > terms.maxFeePerGas) throw outdated('Gas has become dearer than what you reviewed.')
  assertCanPay(o.operator, terms, balanceWei)
  return composeTransaction(o.chain.network.chainId, call, terms)
}

function readAccount({ chain: { provider }, operator }: Account) {
  return Promise.all([
    provider.getTransactionCount(operator, 'pending'),
    provider.getFeeData(),
    provider.getBalance(operator),
  ])
}

function mostWei({ gasLimit, maxFeePerGas }: TransactionTerms): bigint {
  return gasLimit * maxFeePerGas
}

function assertCanPay(operator: string, terms: TransactionTerms, balanceWei: bigint): void {
  const most = mostWei(terms)
  if (balanceWei >= most) return
  const message =
    balanceWei === 0n
      ? `A transaction costs your own account ${operator} gas, and it holds none of the chain's coin.`
      : `A transaction costs your own account ${operator} gas, and it holds too little of the chain's coin for it.`
  throw new ConsentRefusedError('OPERATOR_CANNOT_PAY', `${message} Nothing was sent to the device.`, {
    action: 'Sign the readable text instead, for which this computer pays, or send that account a little coin.',
    details: { operator, balanceWei, mostWei: most },
  })
}

function outdated(message: string): ConsentRefusedError {
  return new ConsentRefusedError('REVIEW_OUTDATED', `${message} Nothing was signed.`, { action: 'Review it again.' })
}
