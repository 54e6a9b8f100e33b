import {
  type Chain,
  type LandedSentence,
  ContractCallError,
  readLandedSentences,
  readLatestBlock,
  sendSigned,
  TransactionReplacedError,
  type TransactionSender,
} from '../../../contracts/client/index.ts'
import { sameAddress } from '../../../roles/api/values.ts'
import type { SignedSentence } from '../../store/index.ts'
import { sentenceKindOf } from './consent-ground.ts'
import { ConsentRefusedError, OtherSentenceLandedError } from './errors.ts'
import { explainRefusal } from './explain-refusal.ts'

const confirmTimeoutMs = 120_000
const weiPerMicro = 10n ** 12n

export type SendConsent = {
  readonly chain: Chain
  readonly sender: Pick<TransactionSender, 'send'>
  readonly sentence: SignedSentence
  /** The transaction is on its way; told again when it had to be sent anew. */
  readonly onSent: (transactionHash: string) => void
  readonly signal: AbortSignal
}

/** How a signed consent ended. */
export type LandedConsent = {
  readonly transactionHash: string
  /** What the gas account of this computer paid for it; zero when somebody else sent it, or the operator himself. */
  readonly feeWei: bigint
  /** What the operator's own account paid for a transaction in place of a text; else zero. */
  readonly operatorFeeWei: bigint
}

/**
 * Carries a signed sentence to its contract and waits until it has landed; what the chain drops is sent again. Anyone may send a
 * sentence, so one that was carried out by somebody else counts as landed: the contract's event says which of two with one number
 * it was (PROTOCOL 1.4).
 *
 * Rejects with OtherSentenceLandedError or the contract's refusal in words: this sentence can then never land as it is. Rejects
 * with TRANSACTION_TIMEOUT, CANCELLED, GAS_ACCOUNT_EMPTY or ACCOUNT_EMPTY when it still may. A transaction of the operator's own
 * rejects with TRANSACTION_REPLACED when another one of his account took its place without doing the same.
 */
export async function sendConsent(o: SendConsent): Promise<LandedConsent> {
  const { chain, sentence, signal } = o
  try {
    return await carry(o)
  } catch (error) {
    if (!(error instanceof ContractCallError || error instanceof TransactionReplacedError)) throw error
    const landed = tellsOfAnother(error) ? await findLanded(chain, sentence, signal) : null
    if (landed === null) throw explainRefusal(error, sentence.request, chain.network.symbol)
    if (await isSameSentence(chain, sentence, landed)) return byOthers(landed.transactionHash)
    throw new OtherSentenceLandedError(sentence.request.kind, landed.number, landed.transactionHash)
  }
}

/** A sentence goes out by the gas account, again and again until it lands; a transaction of the operator's as it is. */
async function carry({ chain, sender, sentence, onSent, signal }: SendConsent): Promise<LandedConsent> {
  const options = { timeoutMs: confirmTimeoutMs, signal, onSent }
  if (sentence.raw === null) {
    const { hash, fee } = await sender.send(sentence.call, options)
    return { ...byOthers(hash), feeWei: fee }
  }
  const { hash, fee } = await sendSigned(chain, sentence.raw, options)
  return { ...byOthers(hash), operatorFeeWei: fee }
}

function byOthers(transactionHash: string): LandedConsent {
  return { transactionHash, feeWei: 0n, operatorFeeWei: 0n }
}

/** The number of the sentence, or of the transaction that stands for it, was used by something else. */
function tellsOfAnother(error: ContractCallError | TransactionReplacedError): boolean {
  return error instanceof TransactionReplacedError || error.errorName === 'NumberNotNext'
}

/** True for a failure after which a signed sentence may still land: it is kept and tried again. */
export function mayStillLand(error: unknown): boolean {
  const final = [ContractCallError, TransactionReplacedError, ConsentRefusedError, OtherSentenceLandedError]
  return !final.some((kind) => error instanceof kind)
}

/** The sentence with this number that the contract carried out, or null. */
async function findLanded(chain: Chain, sentence: SignedSentence, signal: AbortSignal): Promise<LandedSentence | null> {
  const kind = sentenceKindOf(sentence.request)
  if (kind === null) return null
  const { number: toBlock } = await readLatestBlock(chain, { signal })
  const range = { fromBlock: sentence.composedAtBlock, toBlock }
  const landed = await readLandedSentences(chain, sentence.operator, kind, range, { signal })
  return landed.find(({ number }) => number === sentence.number) ?? null
}

/** Whether what landed did what this sentence asks for, whoever sent it and in whichever transaction. */
async function isSameSentence(chain: Chain, sentence: SignedSentence, landed: LandedSentence): Promise<boolean> {
  const { request, call } = sentence
  const transaction = await chain.provider.getTransaction(landed.transactionHash)
  if (transaction?.data === call.data) return true
  // Which keys an authorization bound is in no event of its own.
  if (request.kind === 'authorize') return false
  if ('micro' in request && landed.amountWei !== BigInt(request.micro) * weiPerMicro) return false
  return !('to' in request) || (landed.to !== null && sameAddress(landed.to, request.to))
}
