import { clearSlot } from '../clearing/clear-slot.ts'
import { columnsOf } from '../clearing/order-columns.ts'
import { type Community, slotKey } from '../market.ts'
import { buildMerkleList, type MerkleList } from '../merkle-list.ts'
import { sideNumbers, type SlotResult } from '../typed-data.ts'
import { bytesOfHex, hashWords, hexOfBytes } from '../words.ts'

/** One order and what it trades: a line of a slot's book. */
export type BookLine = {
  /** 32 bytes as hex, lower case. */
  readonly orderHash: string
  readonly node: string
  readonly side: 'sell' | 'buy'
  readonly limitGweiPerWh: number
  readonly wattHours: number
  readonly filledWh: number
  readonly salt: Uint8Array
  /** Fills of the lines before it, so that sums can be proven from two neighbours. */
  readonly boughtBeforeWh: number
  readonly soldBeforeWh: number
  readonly sumsSalt: Uint8Array
}

/** A cleared slot: its lines by ascending order hash, the one price (0 where nothing trades) and what was traded. */
export type SlotBook = {
  readonly slot: number
  readonly priceGweiPerWh: number
  readonly tradedWh: number
  readonly lines: readonly BookLine[]
}

/** An order with its hash, as the book takes it. */
export type HashedOrder = Pick<BookLine, 'orderHash' | 'node' | 'side' | 'limitGweiPerWh' | 'wattHours'>

/** A salt that only who knows the secret can compute; `kind` and `place` keep all salts of a secret apart. */
export function saltOf(secret: Uint8Array, kind: number, place: number): Uint8Array {
  return hashWords(secret, kind, place)
}

/** Kinds of salts, so that none is used twice. */
export const saltKinds = { line: 1, sums: 2, measure: 3, run: 4, header: 5, total: 6, certificate: 7 } as const

/** Clears the orders of a slot and writes its book. `secret` is 32 random bytes of the settler's, new for each slot. */
export function makeSlotBook(slot: number, orders: readonly HashedOrder[], secret: Uint8Array): SlotBook {
  const hashed = orders.map((order) => ({ ...order, hash: bytesOfHex(order.orderHash) }))
  const { priceGweiPerWh, tradedWh, filledWh, byHash } = clearSlot(columnsOf(hashed))
  let [boughtBeforeWh, soldBeforeWh] = [0, 0]
  const lines = Array.from(byHash, (row, place) => {
    const { orderHash, node, side, limitGweiPerWh, wattHours } = orders[row]!
    const line: BookLine = {
      orderHash: orderHash.toLowerCase(),
      ...{ node, side, limitGweiPerWh, wattHours, filledWh: filledWh[row]!, boughtBeforeWh, soldBeforeWh },
      salt: saltOf(secret, saltKinds.line, place),
      sumsSalt: saltOf(secret, saltKinds.sums, place),
    }
    if (side === 'buy') boughtBeforeWh += line.filledWh
    else soldBeforeWh += line.filledWh
    return line
  })
  return { slot, priceGweiPerWh: priceGweiPerWh ?? 0, tradedWh, lines }
}

/** keccak256(abi.encode(orderHash, node, side, limitGweiPerWh, wattHours, filledWh, salt)): the part that a journey shows. */
export function hashLine(line: BookLine): Uint8Array {
  const { orderHash, node, side, limitGweiPerWh, wattHours, filledWh, salt } = line
  return hashWords(orderHash, node, sideNumbers[side], limitGweiPerWh, wattHours, filledWh, salt)
}

/** keccak256(abi.encode(boughtBeforeWh, soldBeforeWh, salt)): the part that tells of neighbours, opened only in a challenge. */
export function hashLineSums(line: BookLine): Uint8Array {
  return hashWords(line.boughtBeforeWh, line.soldBeforeWh, line.sumsSalt)
}

/** keccak256(abi.encode(slotKey, line, sums)). */
export function hashBookLeaf(key: Uint8Array, line: BookLine): Uint8Array {
  return hashWords(key, hashLine(line), hashLineSums(line))
}

/** The tree over a book's lines. */
export function bookTree(at: Community, book: SlotBook): MerkleList {
  const key = slotKey(at, book.slot)
  return buildMerkleList(book.lines.map((line) => hashBookLeaf(key, line)))
}

/** What the settler signs about its book. */
export function slotResultOf(at: Community, book: SlotBook): SlotResult {
  return {
    community: at.community,
    slot: book.slot,
    bookRoot: hexOfBytes(bookTree(at, book).root),
    orderCount: book.lines.length,
    priceGweiPerWh: book.priceGweiPerWh,
    tradedWh: book.tradedWh,
  }
}
