import { getAddress, type Log } from 'ethers'
import type { Chain } from './chain.ts'
import type { BlockRange } from './earnings.ts'
import { interfaces } from './interfaces.ts'
import { readLogs } from './read-logs.ts'

/** What happened to the address that an operator's claims go to. */
export type PayoutEvent = {
  readonly to: string
  readonly blockNumber: number
  readonly blockHash: string
  readonly transactionHash: string
  readonly logIndex: number
} & (
  | { readonly kind: 'announced'; readonly effectiveAtSeconds: number; readonly number: number }
  | { readonly kind: 'cancelled'; readonly number: number }
  /** In effect from here on. */
  | { readonly kind: 'changed' }
)

const names = ['PayoutAnnounced', 'PayoutCancelled', 'PayoutChanged'] as const

/** Payout changes of an operator in a range of blocks (both ends included), in chain order. */
export async function readPayoutEvents(
  chain: Chain,
  operator: string,
  range: BlockRange,
  options: { readonly signal?: AbortSignal } = {},
): Promise<PayoutEvent[]> {
  const [, ofOperator] = interfaces.Payments.encodeFilterTopics('PayoutChanged', [operator])
  const kinds = names.map((name) => interfaces.Payments.getEvent(name)!.topicHash)
  const logs = await readLogs(chain, 'Payments', [kinds, ofOperator!], range, options)
  return logs.map(eventOf)
}

function eventOf(log: Log): PayoutEvent {
  const { name, args } = interfaces.Payments.parseLog(log)!
  const { blockNumber, blockHash, transactionHash, index: logIndex } = log
  const place = { to: getAddress(String(args.to)), blockNumber, blockHash, transactionHash, logIndex }
  switch (name as (typeof names)[number]) {
    case 'PayoutAnnounced': {
      const effectiveAtSeconds = Number(args.effectiveAt)
      return { ...place, kind: 'announced', effectiveAtSeconds, number: Number(args.number) }
    }
    case 'PayoutCancelled':
      return { ...place, kind: 'cancelled', number: Number(args.number) }
    case 'PayoutChanged':
      return { ...place, kind: 'changed' }
  }
}
