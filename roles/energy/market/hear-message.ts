import { type Log, sameAddress } from '../../api/values.ts'
import type { Gossip, GossipMessage, GossipVerdict } from '../../network/index.ts'
import { settlersPerSlot, settlerTimes, slotAt } from '../protocol/slots.ts'
import { type EnergyMessage, energyHash, type EnergyOrder } from '../protocol/typed-data.ts'
import { type MarketMessage, topicOf } from './messages.ts'
import {
  createSlotRoom,
  hearHash,
  hearReceipt,
  hearResult,
  hearReveal,
  receiptFor,
  type RoomRules,
  type SlotRoom,
} from './slot-room.ts'

export type MarketPeerOptions = RoomRules & {
  readonly gossip: Gossip
  /** Own node. */
  readonly node: string
  /** Signs typed data with the role key; hex. */
  readonly sign: (message: EnergyMessage) => Promise<string>
  /** Members with provision by rank (`rankSettlers`), from a seed that everybody knows by the gate. */
  readonly settlersOf: (slot: number) => readonly string[]
  /** 32 random bytes as hex. */
  readonly randomHex: () => string
  /** Epoch seconds. */
  readonly now: () => number
  readonly log: Log
}

/** Everything a peer keeps about a slot that it takes part in. */
export type Attended = {
  readonly room: SlotRoom
  own: { readonly order: EnergyOrder; readonly signature: string } | null
  isRevealed: boolean
  /** This peer, as settler, has drawn up the book: no order may get its receipt any more, which would prove that the book leaves it out. */
  isCleared: boolean
  /** Results that did not hold, with what was wrong: the first of each sender. */
  readonly rejected: { readonly from: string; readonly sentence: string }[]
}

/** A peer at work: what it was given, and the slots that it follows now. */
export type PeerState = { readonly options: MarketPeerOptions; readonly attended: Map<number, Attended> }

/** Slots ahead that are listened to. */
const slotsAhead = 2
/** How much earlier than by the own clock a settler may begin. */
const clockToleranceSeconds = 1

/** What is kept of a slot, begun when it is first heard of; slots that have begun are over for the market and dropped then. */
export function attend({ options, attended }: PeerState, slot: number): Attended {
  const known = attended.get(slot)
  if (known !== undefined) return known
  const running = slotAt(options.timing, options.now())
  for (const older of attended.keys()) if (older <= running) attended.delete(older)
  const room = createSlotRoom(slot, options.settlersOf(slot).slice(0, settlersPerSlot(options.timing)))
  const fresh: Attended = { room, own: null, isRevealed: false, isCleared: false, rejected: [] }
  attended.set(slot, fresh)
  return fresh
}

/** Takes a message of another peer in, and says whether it is worth passing on. */
export function judgeMessage(state: PeerState, { from, value }: GossipMessage<MarketMessage>): GossipVerdict {
  const { options, attended } = state
  const running = slotAt(options.timing, options.now())
  const isNear = attended.has(value.slot) || (value.slot > running && value.slot <= running + slotsAhead)
  if (!isNear || sameAddress(from, options.node)) return 'ignore'
  if (options.member(from) === null) return 'reject'
  return hear(state, { from, value }) ? 'accept' : 'ignore'
}

/** Says something on the topic; this peer hears it first. Says nothing about a slot that it has left: for it everything is too late. */
export async function say(state: PeerState, message: MarketMessage): Promise<void> {
  if (!state.attended.has(message.slot)) return
  hear(state, { from: state.options.node, value: message })
  await state.options.gossip.publish(topicOf(state.options.at), message)
}

/** Rank of this peer as settler of a slot; -1 when it is none. */
export function ownRank({ options }: PeerState, { settlers }: SlotRoom): number {
  return settlers.findIndex((settler) => sameAddress(settler, options.node))
}

/** Latest time that any settler may still count an order: who only listens must not be stricter than who settles. */
export function lenientTime({ options }: PeerState, { settlers }: SlotRoom): { nowSeconds: number; rank: number } {
  return { nowSeconds: options.now(), rank: Math.max(0, settlers.length - 1) }
}

/** True when the message changed something, so that others should hear of it. */
function hear(state: PeerState, { from, value }: GossipMessage<MarketMessage>): boolean {
  const slot = attend(state, value.slot)
  switch (value.kind) {
    case 'hash':
      return hearHash(slot.room, from, value, state.options.now())
    case 'open':
      return hearOpening(state, slot, from, value)
    case 'reveal':
      return hearOrder(state, slot, value)
    case 'receipt':
      return hearReceipt(slot.room, value, state.options.at)
    case 'result': {
      const wrong = hearResult(slot.room, value, state.options.at)
      const isFirst = !slot.rejected.some((earlier) => sameAddress(earlier.from, from))
      if (wrong !== null && isFirst) slot.rejected.push({ from, sentence: wrong })
      return wrong === null
    }
  }
}

function hearOpening(
  state: PeerState,
  slot: Attended,
  from: string,
  { rank, own }: Extract<MarketMessage, { readonly kind: 'open' }>,
): boolean {
  const { room } = slot
  const { beginsAt } = settlerTimes(state.options.timing, room.slot, rank)
  const isSettler = sameAddress(room.settlers[rank] ?? '', from)
  if (!isSettler || room.opened.has(rank) || state.options.now() < beginsAt - clockToleranceSeconds) return false
  room.opened.add(rank)
  for (const { order } of room.revealed.values()) giveReceipt(state, slot, order)
  if (own !== null && sameAddress(own.order.node, from)) hearOrder(state, slot, own)
  reveal(state, slot)
  return true
}

function hearOrder(state: PeerState, slot: Attended, one: NonNullable<Attended['own']>): boolean {
  const { room } = slot
  const rank = ownRank(state, room)
  const when = room.opened.has(rank) ? { nowSeconds: state.options.now(), rank } : lenientTime(state, room)
  const counts = hearReveal(room, one, state.options, when)
  if (counts) giveReceipt(state, slot, one.order)
  return counts
}

/** The own order, once a settler collects and has shown its own. */
function reveal(state: PeerState, slot: Attended): void {
  if (slot.own === null || slot.isRevealed) return
  slot.isRevealed = true
  sayQuietly(state, { kind: 'reveal', slot: slot.room.slot, ...slot.own })
}

/** Promises that the order will be in the book. What is signed too late for that is not said: it would convict this peer. */
function giveReceipt(state: PeerState, slot: Attended, order: EnergyOrder): void {
  const { at, sign, log } = state.options
  const { room } = slot
  const rank = ownRank(state, room)
  if (slot.isCleared || rank < 0 || !room.opened.has(rank) || receiptFor(room, rank, order.node) !== null) return
  const orderHash = energyHash(at, { kind: 'Order', value: order })
  const receipt = { community: at.community, slot: order.slot, node: order.node, orderHash }
  sign({ kind: 'Receipt', value: receipt }).then(
    (signature) => {
      if (!slot.isCleared) sayQuietly(state, { kind: 'receipt', slot: order.slot, receipt, signature })
    },
    (error: unknown) => log.error('A receipt could not be signed.', { error: String(error) }),
  )
}

function sayQuietly(state: PeerState, message: MarketMessage): void {
  say(state, message).catch((error: unknown) =>
    state.options.log.warn('A market message was not sent.', { kind: message.kind, error: String(error) }),
  )
}
