import { getAddress, type Log, type Result } from 'ethers'
import type { SentenceKind } from './accounts.ts'
import type { Chain } from './chain.ts'
import type { BlockRange } from './earnings.ts'
import { type ContractName, interfaces } from './interfaces.ts'
import { readLogs } from './read-logs.ts'

/** A sentence that was carried out, as the event of its contract said it. */
export type LandedSentence = {
  readonly number: number
  /** What it moved, or what a machine may risk; null where no amount is part of it. */
  readonly amountWei: bigint | null
  /** Whom tokens went to, or shall go to; null where nobody is named. */
  readonly to: string | null
  readonly blockNumber: number
  readonly transactionHash: string
}

type EventOfKind = {
  readonly contract: ContractName
  readonly name: string
  readonly amount?: string
  readonly to?: string
}

const events: Record<SentenceKind, EventOfKind> = {
  authorize: { contract: 'Registry', name: 'Authorized', amount: 'riskWei' },
  claim: { contract: 'Payments', name: 'Claimed', amount: 'amount', to: 'to' },
  transfer: { contract: 'HearthToken', name: 'SentenceTransfer', amount: 'amount', to: 'to' },
  stake: { contract: 'Payments', name: 'MovedToStake', amount: 'amount' },
  unstake: { contract: 'Registry', name: 'UnstakeStarted', amount: 'amount' },
  payout: { contract: 'Payments', name: 'PayoutAnnounced', to: 'to' },
  cancelPayout: { contract: 'Payments', name: 'PayoutCancelled', to: 'to' },
}

/**
 * The sentences of one kind that an operator's contract carried out in a range of blocks (both ends included), in chain
 * order: of two with one number this tells which landed (PROTOCOL 1.4).
 */
export async function readLandedSentences(
  chain: Chain,
  operator: string,
  kind: SentenceKind,
  range: BlockRange,
  options: { readonly signal?: AbortSignal } = {},
): Promise<LandedSentence[]> {
  const { contract, name } = events[kind]
  const topics = interfaces[contract].encodeFilterTopics(name, [operator])
  const logs = await readLogs(chain, contract, topics, range, options)
  return logs.map((log) => landedOf(log, events[kind]))
}

function landedOf(log: Log, event: EventOfKind): LandedSentence {
  const args: Result = interfaces[event.contract].decodeEventLog(event.name, log.data, log.topics)
  return {
    number: Number(args['number']),
    amountWei: event.amount === undefined ? null : BigInt(args[event.amount]),
    to: event.to === undefined ? null : getAddress(String(args[event.to])),
    blockNumber: log.blockNumber,
    transactionHash: log.transactionHash,
  }
}
