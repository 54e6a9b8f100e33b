import { hexlify } from 'ethers'
import {
  composeStakeSentence,
  ContractCallError,
  composeUnstakeSentence,
  encodeStake,
  encodeUnstake,
  encodeWithdrawStake,
  formatMicro,
  microTokens,
  readLatestBlock,
  readOperatorNumbers,
  sentenceDeadline,
} from '../../contracts/client/index.ts'
import type { Chain, ChainCall, TransactionSender } from '../../contracts/client/index.ts'
import { HearthError } from '../../roles/api/errors.ts'
import { operatorPath } from '../api/hardware-signer.ts'
import type { HardwareSigner } from '../api/hardware-signer.ts'

/** The contract did not take the sentence; nothing has moved. */
export class StakeRefusedError extends HearthError {}

const confirmTimeoutMs = 120_000

export type MoveStake = {
  readonly chain: Chain
  readonly device: HardwareSigner
  readonly sender: Pick<TransactionSender, 'send'>
  /** `stake`: from what was earned into the provision. `unstake`: starts the way back. */
  readonly kind: 'stake' | 'unstake'
  readonly micro: bigint
  /** Shows the text before it is signed. */
  readonly onReview: (text: string) => void
  readonly signal: AbortSignal
}

/**
 * Moves tokens into or out of the operator's stake by one sentence on the device (PROTOCOL 1.9). Resolves to the text and
 * the transaction. Rejects with the device's refusal or the contract's error; nothing has moved then.
 */
export async function moveStake(o: MoveStake): Promise<{ operator: string; text: string; transactionHash: string }> {
  const { network } = o.chain
  const operator = await o.device.getAddress(operatorPath)
  const [{ next }, block] = await Promise.all([
    readOperatorNumbers(o.chain, operator, o.kind, { signal: o.signal }),
    readLatestBlock(o.chain, { signal: o.signal }),
  ])
  const deadlineSeconds = sentenceDeadline(block.timestampSeconds)
  const sentence = { micro: o.micro, number: next, deadlineSeconds, operator }
  const [compose, encode] =
    o.kind === 'stake' ? [composeStakeSentence, encodeStake] : [composeUnstakeSentence, encodeUnstake]
  const text = compose(network, sentence)
  o.onReview(text)
  const signature = hexlify(await o.device.signPersonalMessage(operatorPath, new TextEncoder().encode(text)))
  const call = encode(network, { ...sentence, signature })
  const transactionHash = await send(o, call)
  return { operator, text, transactionHash }
}

/** Pays the operator what has been unbonding long enough; needs nobody's signature. */
export async function withdrawStake(o: {
  readonly chain: Chain
  readonly operator: string
  readonly sender: Pick<TransactionSender, 'send'>
  readonly signal: AbortSignal
}): Promise<{ transactionHash: string }> {
  const call = encodeWithdrawStake(o.chain.network, { operator: o.operator })
  return { transactionHash: await send(o, call) }
}

async function send(o: Pick<MoveStake, 'chain' | 'sender' | 'signal'>, call: ChainCall): Promise<string> {
  try {
    return (await o.sender.send(call, { timeoutMs: confirmTimeoutMs, signal: o.signal })).hash
  } catch (error) {
    throw error instanceof ContractCallError ? explain(error, o.chain.network.symbol) : error
  }
}

/** What the contract refused, in words for whoever asked. */
function explain(error: ContractCallError, symbol: string): Error {
  const refuse = (code: string, message: string, action: string) =>
    new StakeRefusedError(code, message, { action, cause: error })
  const show = (wei: unknown) => `${formatMicro(microTokens(BigInt(String(wei))))} ${symbol}`
  const [first, second] = error.args
  switch (error.errorName) {
    case 'Available':
      return refuse('NOT_ENOUGH_EARNED', `Only ${show(first)} can be staked from what was earned.`, 'Choose less.')
    case 'ProvisionTooSmall':
      return refuse('NOT_ENOUGH_STAKED', `Only ${show(second)} are staked.`, 'Choose less.')
    case 'WorkOpen':
      return refuse(
        'WORK_OPEN',
        `Pieces are kept for ${String(first)} customers; until that ends, the stake stays.`,
        'Leave these customers first, or wait until their time is over.',
      )
    case 'StillUnbonding':
      return refuse(
        'STILL_UNBONDING',
        `The stake waits until ${new Date(Number(first) * 1000).toISOString()}.`,
        'Try again then.',
      )
    case 'NothingUnbonding':
      return refuse('NOTHING_UNBONDING', 'No stake is on its way back.', 'Ask for it with `hearth unstake AMOUNT`.')
    default:
      return error
  }
}
