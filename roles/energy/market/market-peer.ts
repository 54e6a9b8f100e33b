import { CancelledError } from '../../api/errors.ts'
import { sameAddress } from '../../api/values.ts'
import { slotResultOf } from '../protocol/settlement/slot-book.ts'
import { settlerTimes, slotTimes } from '../protocol/slots.ts'
import { energyHash, type EnergyOrder } from '../protocol/typed-data.ts'
import {
  type Attended,
  attend,
  judgeMessage,
  lenientTime,
  type MarketPeerOptions,
  ownRank,
  type PeerState,
  say,
} from './hear-message.ts'
import { marketMessageSchema, topicOf } from './messages.ts'
import { type ClearedSlot, clearRoom, outcomeOf, receiptFor, type RefusedOrder, withheldOrders } from './slot-room.ts'

/** How a slot ended for this peer. */
export type SlotOutcome = {
  /** Null when no settler said anything that could be checked: nobody trades, everything is with the grid. */
  readonly cleared: ClearedSlot | null
  /** A settler's signed word for the own order; null without one. */
  readonly receipt: { readonly orderHash: string; readonly rank: number } | null
  readonly refused: readonly RefusedOrder[]
  /** Results that did not hold, with what was wrong. */
  readonly rejected: readonly { readonly from: string; readonly sentence: string }[]
}

export type MarketPeer = {
  /**
   * Takes part in a slot from before its gate to its start, as settler too when it is its turn. Without an order the peer only listens and
   * settles. Throws CancelledError when `signal` or `stop` ends it.
   */
  trade(slot: number, order: EnergyOrder | null, signal?: AbortSignal): Promise<SlotOutcome>
  /** Leaves the topic; running trades are cancelled. Idempotent. */
  stop(): void
}

/**
 * One peer of a community's market: gossip, timers and signatures. What counts is decided in `slot-room.ts` and in the protocol. Messages are taken
 * in while they are judged, since only what changes something is passed on.
 */
export function createMarketPeer(options: MarketPeerOptions): MarketPeer {
  const state: PeerState = { options, attended: new Map() }
  const ended = new AbortController()
  const unfollow = options.gossip.follow(topicOf(options.at), marketMessageSchema, {
    judge: (message) => judgeMessage(state, message),
    onMessage: () => undefined,
  })
  return {
    trade: (slot, order, signal) =>
      trade(state, slot, order, signal === undefined ? ended.signal : AbortSignal.any([signal, ended.signal])),
    stop() {
      if (!ended.signal.aborted) unfollow()
      ended.abort()
    },
  }
}

async function trade(
  state: PeerState,
  number: number,
  order: EnergyOrder | null,
  signal: AbortSignal,
): Promise<SlotOutcome> {
  const { options, attended } = state
  const slot = attend(state, number)
  try {
    if (order !== null) {
      slot.own = { order, signature: await options.sign({ kind: 'Order', value: order }) }
      const orderHash = energyHash(options.at, { kind: 'Order', value: order })
      await say(state, { kind: 'hash', slot: number, orderHash })
    }
    settle(state, slot, signal).catch((error: unknown) => {
      if (!signal.aborted)
        options.log.error('This home could not settle a slot.', { slot: number, error: String(error) })
    })
    await waitUntil(slotTimes(options.timing, number).startsAt, options.now, signal)
    return outcome(state, slot)
  } finally {
    attended.delete(number)
  }
}

/** The turn of this peer as settler: only when nobody before it has opened, or who has left the own order without a receipt. */
async function settle(state: PeerState, slot: Attended, signal: AbortSignal): Promise<void> {
  const { options } = state
  const { room, own } = slot
  const rank = ownRank(state, room)
  if (rank < 0) return
  const times = settlerTimes(options.timing, room.slot, rank)
  await waitUntil(times.beginsAt, options.now, signal)
  if ([...room.opened].some((earlier) => own === null || receiptFor(room, earlier, options.node) !== null)) return
  await say(state, { kind: 'open', slot: room.slot, rank, own })
  await waitUntil(times.revealsUntil, options.now, signal)
  const secret = options.randomHex()
  slot.isCleared = true
  const book = clearRoom(room, rank, secret)
  const result = slotResultOf(options.at, book)
  const signature = await options.sign({ kind: 'SlotResult', value: result })
  const orderHashes = book.lines.map(({ orderHash }) => orderHash)
  await say(state, { kind: 'result', slot: room.slot, result, signature, orderHashes, secret })
}

function outcome(state: PeerState, { room, rejected }: Attended): SlotOutcome {
  const mine = [...room.receipts.values()].find(({ receipt }) => sameAddress(receipt.node, state.options.node))
  return {
    cleared: outcomeOf(room),
    receipt: mine === undefined ? null : { orderHash: mine.receipt.orderHash, rank: mine.rank },
    refused: [...room.refused, ...withheldOrders(room, state.options, lenientTime(state, room))],
    rejected,
  }
}

function waitUntil(seconds: number, now: () => number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      clearTimeout(timer)
      reject(new CancelledError('Trading in a slot'))
    }
    const onTime = (): void => {
      signal.removeEventListener('abort', onAbort)
      resolve()
    }
    const timer = setTimeout(onTime, Math.max(0, (seconds - now()) * 1000))
    if (signal.aborted) onAbort()
    else signal.addEventListener('abort', onAbort, { once: true })
  })
}
