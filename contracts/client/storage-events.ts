import { getAddress, type Log, type Result, zeroPadValue } from 'ethers'
import type { Chain } from './chain.ts'
import type { BlockRange } from './earnings.ts'
import { interfaces } from './interfaces.ts'
import { readLogs } from './read-logs.ts'

type Place = {
  readonly customer: string
  readonly node: string
  readonly blockNumber: number
  readonly blockHash: string
  readonly transactionHash: string
  readonly logIndex: number
}

/** What happened to data sets, in chain order. */
export type StorageEvent = Place &
  (
    | {
        readonly kind: 'piecesAdded'
        readonly firstIndex: number
        readonly pieces: readonly { readonly root: string; readonly lengthBytes: number }[]
        readonly sequence: number
      }
    | { readonly kind: 'pieceRemoved'; readonly index: number }
    | { readonly kind: 'proofAccepted'; readonly period: number; readonly paidWei: bigint }
    | { readonly kind: 'fault'; readonly period: number; readonly slashedWei: bigint }
    | { readonly kind: 'setDropped'; readonly lastPeriod: number }
    | { readonly kind: 'setEnded' }
  )

const eventNames = [
  'PiecesAdded',
  'PieceRemoved',
  'PossessionProven',
  'PeriodMissed',
  'SetDropped',
  'SetEnded',
] as const
export type EventName = (typeof eventNames)[number]

/** Events that say how reliable a node is; few and small beside the others. */
export const reliabilityEvents: readonly EventName[] = ['PossessionProven', 'PeriodMissed', 'SetEnded']

/** Events of the data sets on a node, of a customer, or of one pair, in a range of blocks (both ends included); all kinds or some. */
export async function readStorageEvents(
  chain: Chain,
  filter: BlockRange & { readonly node?: string; readonly customer?: string; readonly names?: readonly EventName[] },
  options: { readonly signal?: AbortSignal } = {},
): Promise<StorageEvent[]> {
  const kinds = (filter.names ?? eventNames).map((name) => interfaces.StorageMarket.getEvent(name)!.topicHash)
  const topics = [kinds, topicOf(filter.customer), topicOf(filter.node)]
  const logs = await readLogs(chain, 'StorageMarket', topics, filter, options)
  return logs.map(eventOf)
}

function topicOf(address: string | undefined): string | null {
  return address === undefined ? null : zeroPadValue(address, 32)
}

function eventOf(log: Log): StorageEvent {
  const parsed = interfaces.StorageMarket.parseLog(log)!
  const { args } = parsed
  const place: Place = {
    customer: getAddress(args.customer),
    node: getAddress(args.node),
    blockNumber: log.blockNumber,
    blockHash: log.blockHash,
    transactionHash: log.transactionHash,
    logIndex: log.index,
  }
  switch (parsed.name as EventName) {
    case 'PiecesAdded':
      return {
        ...place,
        kind: 'piecesAdded',
        firstIndex: Number(args.firstIndex),
        pieces: [...(args.pieces as Result)].map(pieceOf),
        sequence: Number((args.acceptance as Result).sequence),
      }
    case 'PieceRemoved':
      return { ...place, kind: 'pieceRemoved', index: Number(args.index) }
    case 'PossessionProven':
      return { ...place, kind: 'proofAccepted', period: Number(args.period), paidWei: BigInt(args.paidWei) }
    case 'PeriodMissed':
      return { ...place, kind: 'fault', period: Number(args.period), slashedWei: BigInt(args.slashedWei) }
    case 'SetDropped':
      return { ...place, kind: 'setDropped', lastPeriod: Number(args.lastPeriod) }
    case 'SetEnded':
      return { ...place, kind: 'setEnded' }
  }
}

function pieceOf(piece: Result): { root: string; lengthBytes: number } {
  return { root: String(piece.root), lengthBytes: Number(piece.lengthBytes) }
}
