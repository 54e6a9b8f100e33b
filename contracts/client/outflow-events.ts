import { getAddress, type Log } from 'ethers'
import type { Chain } from './chain.ts'
import type { BlockRange } from './earnings.ts'
import { interfaces } from './interfaces.ts'
import { readLogs } from './read-logs.ts'

type Place = {
  readonly blockNumber: number
  readonly blockHash: string
  readonly transactionHash: string
  readonly logIndex: number
}

/** What an operator's own sentences did with what he earned, and with the address that it goes to. */
export type OutflowEvent = Place &
  (
    | { readonly kind: 'claimed'; readonly to: string; readonly amountWei: bigint; readonly number: number }
    | { readonly kind: 'movedToStake'; readonly market: string; readonly amountWei: bigint; readonly number: number }
    | {
        readonly kind: 'payoutAnnounced'
        readonly to: string
        readonly effectiveAtSeconds: number
        readonly number: number
      }
    | { readonly kind: 'payoutCancelled'; readonly to: string; readonly number: number }
    | { readonly kind: 'payoutChanged'; readonly to: string }
  )

const names = ['Claimed', 'MovedToStake', 'PayoutAnnounced', 'PayoutCancelled', 'PayoutChanged'] as const

/**
 * Claims, moves into stake and payout changes of an operator in a range of blocks (both ends included), in chain order. Of
 * two sentences with one number, these say which one landed (PROTOCOL 1.4).
 */
export async function readOutflowEvents(
  chain: Chain,
  operator: string,
  range: BlockRange,
  options: { readonly signal?: AbortSignal } = {},
): Promise<OutflowEvent[]> {
  const face = interfaces.Payments
  const [, operatorTopic] = face.encodeFilterTopics('Claimed', [operator])
  const events = names.map((name) => face.getEvent(name)!.topicHash)
  const logs = await readLogs(chain, 'Payments', [events, operatorTopic as string], range, options)
  return logs.map(eventOf)
}

function eventOf(log: Log): OutflowEvent {
  const { name, args } = interfaces.Payments.parseLog(log)!
  const { blockNumber, blockHash, transactionHash, index: logIndex } = log
  const place = { blockNumber, blockHash, transactionHash, logIndex }
  const number = () => Number(args.number)
  const address = (value: unknown) => getAddress(String(value))
  switch (name as (typeof names)[number]) {
    case 'Claimed':
      return { ...place, kind: 'claimed', to: address(args.to), amountWei: BigInt(args.amount), number: number() }
    case 'MovedToStake': {
      const market = address(args.market)
      return { ...place, kind: 'movedToStake', market, amountWei: BigInt(args.amount), number: number() }
    }
    case 'PayoutAnnounced': {
      const effectiveAtSeconds = Number(args.effectiveAt)
      return { ...place, kind: 'payoutAnnounced', to: address(args.to), effectiveAtSeconds, number: number() }
    }
    case 'PayoutCancelled':
      return { ...place, kind: 'payoutCancelled', to: address(args.to), number: number() }
    case 'PayoutChanged':
      return { ...place, kind: 'payoutChanged', to: address(args.to) }
  }
}
