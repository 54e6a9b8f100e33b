import { type Community, dayKey, slotKey } from '../market.ts'
import { buildMerkleList, type MerkleList } from '../merkle-list.ts'
import { hashWords, hexOfBytes } from '../words.ts'
import type { MeasuredTrade, SumsBefore } from './settle-slot.ts'
import { type BookLine, hashBookLeaf } from './slot-book.ts'

/** A slot of the day: who settled it and what it came to. All zeros, with no settler, where nobody traded. */
export type SlotHeader = {
  readonly slot: number
  readonly settler: string
  /** 32 bytes as hex. */
  readonly bookRoot: string
  readonly orderCount: number
  /** Where the slot's entries begin among all of the day. */
  readonly firstEntry: number
  readonly priceGweiPerWh: number
  readonly tradedWh: number
  readonly deliveredWh: number
  readonly takenWh: number
  /** keccak256 of the settler's signature of its SlotResult; zeros where there is none. */
  readonly signatureHash: string
  readonly salt: Uint8Array
}

/** A line of a slot's book with what the meter then counted and what it came to in money. */
export type Entry = {
  readonly line: BookLine
  /** What the meter counted in the order's direction; 0 without a reading that counts. */
  readonly measuredWh: number
  /** Hash of the signed reading; zeros without. */
  readonly readingHash: string
  readonly netWei: bigint
  readonly measureSalt: Uint8Array
  readonly deliveredBeforeWh: number
  readonly takenBeforeWh: number
  /** What the node's earlier entries of the day came to. */
  readonly nodeNetBeforeWei: bigint
  /** 1 + the number of the node's entry before this one; 0 where it is the day's first. */
  readonly previousEntry: number
  readonly runSalt: Uint8Array
}

/** What a node gets (positive) or pays for the whole day. */
export type NodeTotal = {
  readonly node: string
  readonly netWei: bigint
  /** 1 + the number of its last entry. */
  readonly lastEntry: number
  readonly salt: Uint8Array
}

/** Generation of one meter that the day certifies. A register range is consumed once, ever. */
export type Certified = {
  readonly node: string
  readonly meter: string
  readonly fromRegisterWh: number
  readonly toRegisterWh: number
  readonly mintedWh: number
  /** Of it, what was sold to neighbours as green. */
  readonly greenTradedWh: number
  readonly salt: Uint8Array
}

/** Everything that a day's root commits to; the community gets it encrypted, the chain never. */
export type DayRecord = {
  readonly at: Community
  readonly day: number
  /** One for each slot of the day, in order. */
  readonly headers: readonly SlotHeader[]
  /** All slots' entries, one slot after the other, each by ascending order hash. */
  readonly entries: readonly Entry[]
  /** By ascending node. */
  readonly totals: readonly NodeTotal[]
  /** By ascending meter. */
  readonly certified: readonly Certified[]
}

/** Where a leaf is: its list, and its place in it. */
export type LeafRef = {
  readonly list: 'header' | 'entry' | 'total' | 'certified'
  readonly index: number
}

/** keccak256(abi.encode(slotKey, settler, bookRoot, orderCount, firstEntry, price, traded, delivered, taken, signatureHash, salt)). */
export function hashHeader(at: Community, header: SlotHeader): Uint8Array {
  const { settler, bookRoot, orderCount, firstEntry, priceGweiPerWh, tradedWh, deliveredWh, takenWh } = header
  const sums = [priceGweiPerWh, tradedWh, deliveredWh, takenWh]
  const key = slotKey(at, header.slot)
  return hashWords(key, settler, bookRoot, orderCount, firstEntry, ...sums, header.signatureHash, header.salt)
}

/** keccak256(abi.encode(measuredWh, readingHash, netWei, salt)): the part that a journey shows. */
export function hashMeasure(entry: Entry): Uint8Array {
  return hashWords(entry.measuredWh, entry.readingHash, entry.netWei, entry.measureSalt)
}

/** keccak256(abi.encode(deliveredBeforeWh, takenBeforeWh, nodeNetBeforeWei, previousEntry, salt)). */
export function hashRun(entry: Entry): Uint8Array {
  const { deliveredBeforeWh, takenBeforeWh, nodeNetBeforeWei, previousEntry, runSalt } = entry
  return hashWords(deliveredBeforeWh, takenBeforeWh, nodeNetBeforeWei, previousEntry, runSalt)
}

/** keccak256(abi.encode(bookLeaf, measure, run)). `key` is the slot's. */
export function hashEntry(key: Uint8Array, entry: Entry): Uint8Array {
  return hashWords(hashBookLeaf(key, entry.line), hashMeasure(entry), hashRun(entry))
}

/** keccak256(abi.encode(dayKey, node, netWei, lastEntry, salt)). */
export function hashTotal(key: Uint8Array, total: NodeTotal): Uint8Array {
  return hashWords(key, total.node, total.netWei, total.lastEntry, total.salt)
}

/** keccak256(abi.encode(dayKey, node, meter, fromRegisterWh, toRegisterWh, mintedWh, greenTradedWh, salt)). */
export function hashCertified(key: Uint8Array, one: Certified): Uint8Array {
  const registers = [one.fromRegisterWh, one.toRegisterWh, one.mintedWh, one.greenTradedWh]
  return hashWords(key, one.node, one.meter, ...registers, one.salt)
}

/** An entry as the money of its slot looks at it. */
export function tradeOf({ line, measuredWh }: Entry): MeasuredTrade {
  return { side: line.side, filledWh: line.filledWh, measuredWh }
}

/** The sums that an entry claims for all before it in its slot. */
export function sumsBefore({ line, deliveredBeforeWh, takenBeforeWh }: Entry): SumsBefore {
  const { soldBeforeWh, boughtBeforeWh } = line
  return { soldWh: soldBeforeWh, boughtWh: boughtBeforeWh, deliveredWh: deliveredBeforeWh, takenWh: takenBeforeWh }
}

/** Number of a leaf in the day's tree: headers, then entries, then totals, then certificates. */
export function leafIndex(record: Pick<DayRecord, 'headers' | 'entries' | 'totals'>, ref: LeafRef): number {
  const { headers, entries, totals } = record
  switch (ref.list) {
    case 'header':
      return ref.index
    case 'entry':
      return headers.length + ref.index
    case 'total':
      return headers.length + entries.length + ref.index
    case 'certified':
      return headers.length + entries.length + totals.length + ref.index
  }
}

/** The tree over a day's leaves. */
export function dayTree(record: DayRecord): MerkleList {
  const { at, day, headers, entries, totals, certified } = record
  const key = dayKey(at, day)
  const leaves = headers.map((header) => hashHeader(at, header))
  for (const { slot, firstEntry, orderCount } of headers) {
    const ofSlot = slotKey(at, slot)
    for (const entry of entries.slice(firstEntry, firstEntry + orderCount)) leaves.push(hashEntry(ofSlot, entry))
  }
  for (const total of totals) leaves.push(hashTotal(key, total))
  for (const one of certified) leaves.push(hashCertified(key, one))
  return buildMerkleList(leaves)
}

/** keccak256(abi.encode(dayKey, treeRoot, entryCount, nodeCount, certifiedCount)): what goes on chain, as hex. */
export function dayRoot(record: DayRecord, tree: MerkleList = dayTree(record)): string {
  const { entries, totals, certified } = record
  const key = dayKey(record.at, record.day)
  return hexOfBytes(hashWords(key, tree.root, entries.length, totals.length, certified.length))
}
