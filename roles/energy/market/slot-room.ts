import { sameAddress } from '../../api/values.ts'
import { judgeOrder, judgeSilence, type JudgingFacts, type OrderRefusal } from '../protocol/judge-order.ts'
import type { Community } from '../protocol/market.ts'
import { makeSlotBook, slotResultOf, type SlotBook } from '../protocol/settlement/slot-book.ts'
import { type EnergyOrder, isSignedBy, type OrderReceipt, type SlotResult } from '../protocol/typed-data.ts'
import { bytesOfHex } from '../protocol/words.ts'
import type { MarketMessage } from './messages.ts'

/** An order that was opened in time, as everybody heard it. */
export type RevealedOrder = { readonly order: EnergyOrder; readonly orderHash: string; readonly signature: string }

/** A member's order that does not count, and why, for a person. */
export type RefusedOrder = { readonly node: string; readonly reason: OrderRefusal; readonly sentence: string }

/** A slot that was cleared, checked by recomputing it. */
export type ClearedSlot = {
  readonly book: SlotBook
  readonly result: SlotResult
  readonly settler: string
  readonly rank: number
  readonly signature: string
  readonly secret: string
}

type Message<Kind extends MarketMessage['kind']> = Extract<MarketMessage, { readonly kind: Kind }>

/** What a peer has heard about one slot. Everything in it is small and bounded: one of each per member. */
export type SlotRoom = {
  readonly slot: number
  /** Nodes by rank, the elected settler first. */
  readonly settlers: readonly string[]
  readonly hashes: Map<string, { readonly orderHash: string; readonly atSeconds: number }>
  readonly revealed: Map<string, RevealedOrder>
  readonly refused: RefusedOrder[]
  readonly receipts: Map<string, { readonly receipt: OrderReceipt; readonly signature: string; readonly rank: number }>
  /** Ranks that have opened. */
  readonly opened: Set<number>
  readonly results: Map<number, ClearedSlot>
}

/** How a room judges: the parts that come from community and chain. */
export type RoomRules = Pick<JudgingFacts, 'at' | 'timing' | 'tariff' | 'member' | 'freeWei'>

export function createSlotRoom(slot: number, settlers: readonly string[]): SlotRoom {
  return {
    slot,
    settlers,
    hashes: new Map(),
    revealed: new Map(),
    refused: [],
    receipts: new Map(),
    opened: new Set(),
    results: new Map(),
  }
}

/** Takes the announcement of a hash; the first of a node is its only one. False when it changes nothing. */
export function hearHash(room: SlotRoom, from: string, { orderHash }: Message<'hash'>, nowSeconds: number): boolean {
  const node = from.toLowerCase()
  if (room.hashes.has(node)) return false
  room.hashes.set(node, { orderHash, atSeconds: nowSeconds })
  return true
}

/** Reasons for which nothing shows that the named node has made the order: anybody can say such things of anybody, without end. */
const unproven: ReadonlySet<OrderRefusal> = new Set([
  'unreadable',
  'negativePrice',
  'otherCommunity',
  'otherSlot',
  'notAMember',
  'signatureInvalid',
])

/** Takes an opened order, or notes why a member's own does not count. True when it counts and was not known. */
export function hearReveal(
  room: SlotRoom,
  { order, signature }: Pick<Message<'reveal'>, 'order' | 'signature'>,
  rules: RoomRules,
  at: { readonly nowSeconds: number; readonly rank: number },
): boolean {
  const verdict = judgeOrder(order, signature, factsFor(room, rules, at))
  if (verdict.kind === 'refused') {
    const { reason, sentence } = verdict
    const known = room.refused.some(({ node }) => sameAddress(node, order.node))
    if (!known && !unproven.has(reason) && reason !== 'replayed')
      room.refused.push({ node: order.node, reason, sentence })
    return false
  }
  room.revealed.set(order.node.toLowerCase(), { order: verdict.order, orderHash: verdict.orderHash, signature })
  return true
}

/** Orders that were announced and never opened. */
export function withheldOrders(
  room: SlotRoom,
  rules: RoomRules,
  at: { readonly nowSeconds: number; readonly rank: number },
): RefusedOrder[] {
  return [...room.hashes.keys()].flatMap((node) => {
    const verdict = judgeSilence(node, factsFor(room, rules, at))
    return verdict?.kind === 'refused' ? [{ node, reason: verdict.reason, sentence: verdict.sentence }] : []
  })
}

/** Takes a settler's receipt. False when it is not its signature, or known. */
export function hearReceipt(room: SlotRoom, { receipt, signature }: Message<'receipt'>, at: Community): boolean {
  const { node, orderHash, slot } = receipt
  const rank = room.settlers.findIndex((settler) =>
    isSignedBy(at, { kind: 'Receipt', value: receipt }, signature, settler),
  )
  const key = receiptKey(rank, node)
  if (rank < 0 || slot !== room.slot || room.receipts.has(key)) return false
  if (room.hashes.get(node.toLowerCase())?.orderHash !== orderHash) return false
  room.receipts.set(key, { receipt, signature, rank })
  return true
}

/** The receipt of a settler for a node's order. */
export function receiptFor(room: SlotRoom, rank: number, node: string): string | null {
  return room.receipts.get(receiptKey(rank, node))?.receipt.orderHash ?? null
}

/**
 * Takes what a settler says the slot came to, after computing it again from the orders that were heard. Returns what is wrong with it, null when
 * nothing is. A result that cannot be checked, because an order in it was never heard, is not accepted either.
 */
export function hearResult(room: SlotRoom, message: Message<'result'>, at: Community): string | null {
  const { result, signature, orderHashes, secret } = message
  const rank = room.settlers.findIndex((settler) =>
    isSignedBy(at, { kind: 'SlotResult', value: result }, signature, settler),
  )
  if (rank < 0) return 'It is not signed by a settler of the slot.'
  if (room.results.has(rank)) return 'The settler has said already what the slot came to.'
  const byHash = new Map([...room.revealed.values()].map((one) => [one.orderHash, one]))
  const missing = orderHashes.find((hash) => !byHash.has(hash))
  if (missing !== undefined) return `It holds the order ${missing}, which was not opened.`
  const leftOut = [...room.receipts.values()].find(
    (one) => one.rank === rank && !orderHashes.includes(one.receipt.orderHash),
  )
  if (leftOut !== undefined) return `It leaves out the order of ${leftOut.receipt.node}, which has a receipt.`
  const book = bookOf(
    room.slot,
    orderHashes.map((hash) => byHash.get(hash)!),
    secret,
  )
  const own = slotResultOf(at, book)
  if (JSON.stringify(own) !== JSON.stringify(ordered(result))) return 'The same orders do not come to what it says.'
  room.results.set(rank, { book, result: own, settler: room.settlers[rank]!, rank, signature, secret })
  return null
}

/** Clears the orders that a settler has given a receipt. */
export function clearRoom(room: SlotRoom, rank: number, secret: string): SlotBook {
  const counted = [...room.revealed.values()].filter(({ order }) => receiptFor(room, rank, order.node) !== null)
  return bookOf(room.slot, counted, secret)
}

/** What counts in the end: the checked result of the settler that comes first. */
export function outcomeOf({ results }: SlotRoom): ClearedSlot | null {
  return [...results.values()].sort((left, right) => left.rank - right.rank)[0] ?? null
}

function bookOf(slot: number, orders: readonly RevealedOrder[], secret: string): SlotBook {
  return makeSlotBook(
    slot,
    orders.map(({ order, orderHash }) => ({ ...order, orderHash })),
    bytesOfHex(secret),
  )
}

function ordered({ community, slot, bookRoot, orderCount, priceGweiPerWh, tradedWh }: SlotResult): SlotResult {
  return { community, slot, bookRoot, orderCount, priceGweiPerWh, tradedWh }
}

function receiptKey(rank: number, node: string): string {
  return `${rank} ${node.toLowerCase()}`
}

function factsFor(
  room: SlotRoom,
  rules: RoomRules,
  at: { readonly nowSeconds: number; readonly rank: number },
): JudgingFacts {
  return {
    ...rules,
    ...at,
    slot: room.slot,
    hashOf: (node) => room.hashes.get(node.toLowerCase()) ?? null,
    counted: (node) => room.revealed.get(node.toLowerCase())?.orderHash ?? null,
  }
}
