import { keccak_256 } from '@noble/hashes/sha3.js'
import type { Community } from '../market.ts'
import type { Tariff } from '../units.ts'
import { hexOfBytes } from '../words.ts'
import type { Certified, DayRecord, Entry, NodeTotal, SlotHeader } from './day-record.ts'
import { addTrade, type MeasuredTrade, noSums, settleTrade, sumSlot } from './settle-slot.ts'
import { bookTree, saltKinds, saltOf, type SlotBook } from './slot-book.ts'

/** A reading as far as money needs it. */
export type CountedReading = {
  readonly importWh: number
  readonly exportWh: number
  /** Hash of the signed reading, 32 bytes as hex. */
  readonly hash: string
}

/** A slot that its settler cleared and signed, and what the meters of those who traded counted. */
export type SettledSlot = {
  readonly book: SlotBook
  readonly settler: string
  /** The settler's signature of its SlotResult. */
  readonly signature: Uint8Array
  /** By node in lower case; who is missing here delivered and took nothing. */
  readonly readings: ReadonlyMap<string, CountedReading>
}

export type DayOptions = {
  readonly at: Community
  readonly day: number
  readonly slotsPerDay: number
  readonly tariff: Tariff
  /** 32 random bytes, new for each day. */
  readonly secret: Uint8Array
  readonly slots: readonly SettledSlot[]
  readonly certified?: readonly Omit<Certified, 'salt'>[]
}

export const zeroHash = `0x${'0'.repeat(64)}`
export const zeroAddress = `0x${'0'.repeat(40)}`

/**
 * Settles a day: every trade by measured delivery, every node's sum, and all the leaves that the day's root commits to. Pure. Sums of all
 * nodes are zero to the wei. Throws a RangeError for a slot of another day and for two books of one slot.
 */
export function settleDay(options: DayOptions): DayRecord {
  const { at, day, slotsPerDay, secret } = options
  const bySlot = slotsOfDay(options)
  const headers: SlotHeader[] = []
  const entries: Entry[] = []
  const lastOf = new Map<string, number>()
  for (let place = 0; place < slotsPerDay; place++) {
    const slot = day * slotsPerDay + place
    const settled = bySlot.get(slot)
    const salt = saltOf(secret, saltKinds.header, place)
    const firstEntry = entries.length
    const sums = settled === undefined ? noTrade : addEntries(options, settled, entries, lastOf)
    headers.push({ slot, ...headOf(at, settled), firstEntry, ...sums, salt })
  }
  return { at, day, headers, entries, totals: totalsOf(entries, lastOf, secret), certified: certifiedOf(options) }
}

const noTrade = { deliveredWh: 0, takenWh: 0 }

function slotsOfDay({ slots, day, slotsPerDay }: DayOptions): Map<number, SettledSlot> {
  const bySlot = new Map(slots.map((one) => [one.book.slot, one]))
  if (bySlot.size !== slots.length) throw new RangeError(`Day ${day} has two books of one slot.`)
  const stray = slots.find(({ book }) => Math.floor(book.slot / slotsPerDay) !== day)
  if (stray !== undefined) throw new RangeError(`Slot ${stray.book.slot} is not of day ${day}.`)
  return bySlot
}

function headOf(at: Community, settled: SettledSlot | undefined) {
  const [settler, bookRoot, signatureHash] = [zeroAddress, zeroHash, zeroHash]
  if (settled === undefined) return { settler, bookRoot, orderCount: 0, priceGweiPerWh: 0, tradedWh: 0, signatureHash }
  const { book } = settled
  return {
    settler: settled.settler,
    bookRoot: hexOfBytes(bookTree(at, book).root),
    orderCount: book.lines.length,
    priceGweiPerWh: book.priceGweiPerWh,
    tradedWh: book.tradedWh,
    signatureHash: hexOfBytes(keccak_256(settled.signature)),
  }
}

function addEntries(options: DayOptions, settled: SettledSlot, entries: Entry[], lastOf: Map<string, number>) {
  const { book, readings } = settled
  const trades = book.lines.map((line): MeasuredTrade => {
    const reading = readings.get(line.node.toLowerCase())
    const measuredWh = (line.side === 'sell' ? reading?.exportWh : reading?.importWh) ?? 0
    return { side: line.side, filledWh: line.filledWh, measuredWh }
  })
  const sums = sumSlot(trades)
  let before = noSums
  book.lines.forEach((line, place) => {
    const node = line.node.toLowerCase()
    const trade = trades[place]!
    const { netWei } = settleTrade(trade, before, sums, book.priceGweiPerWh, options.tariff)
    const previousEntry = lastOf.get(node) ?? 0
    const previous = entries[previousEntry - 1]
    entries.push({
      line,
      measuredWh: trade.measuredWh,
      readingHash: readings.get(node)?.hash ?? zeroHash,
      netWei,
      measureSalt: saltOf(options.secret, saltKinds.measure, entries.length),
      deliveredBeforeWh: before.deliveredWh,
      takenBeforeWh: before.takenWh,
      nodeNetBeforeWei: previous === undefined ? 0n : previous.nodeNetBeforeWei + previous.netWei,
      previousEntry,
      runSalt: saltOf(options.secret, saltKinds.run, entries.length),
    })
    lastOf.set(node, entries.length)
    before = addTrade(before, trade)
  })
  return { deliveredWh: sums.deliveredWh, takenWh: sums.takenWh }
}

function totalsOf(entries: readonly Entry[], lastOf: ReadonlyMap<string, number>, secret: Uint8Array): NodeTotal[] {
  return [...lastOf]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([node, lastEntry], place) => {
      const last = entries[lastEntry - 1]!
      const netWei = last.nodeNetBeforeWei + last.netWei
      return { node, netWei, lastEntry, salt: saltOf(secret, saltKinds.total, place) }
    })
}

function certifiedOf({ certified = [], secret }: DayOptions): Certified[] {
  return [...certified]
    .sort((left, right) => (left.meter.toLowerCase() < right.meter.toLowerCase() ? -1 : 1))
    .map((one, place) => ({ ...one, salt: saltOf(secret, saltKinds.certificate, place) }))
}

/** What goes on chain beside the root: the nodes' sums, without those that came to nothing. Sums to zero to the wei. */
export function netAmounts(record: DayRecord): { readonly node: string; readonly netWei: bigint }[] {
  return record.totals.filter(({ netWei }) => netWei !== 0n).map(({ node, netWei }) => ({ node, netWei }))
}
