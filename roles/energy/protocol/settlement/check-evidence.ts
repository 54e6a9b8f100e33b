import { sameAddress } from '../../../api/values.ts'
import type { DayRecord, LeafRef } from './day-record.ts'
import { entry, type Evidence, type Fault, header } from './fault.ts'
import { zeroHash } from './settle-day.ts'

type Place = { readonly place: number; readonly index: number }

/** Receipts whose order is not in the book of its slot: the settler's own signature against its list. */
export function checkLeftOut(record: DayRecord, { receipts }: Evidence): Fault[] {
  const places = placesOf(record)
  return receipts.flatMap(({ receipt, signature }): Fault[] => {
    const place = record.headers.findIndex(({ slot }) => slot === receipt.slot)
    const { orderHash } = receipt
    if (receipt.community !== record.at.community || place < 0 || places.get(key(receipt.slot, orderHash))) return []
    const sentence = `The order ${orderHash} has a receipt for slot ${receipt.slot} and is not in its book.`
    const leaves = [header(place), ...neighbours(record, place, orderHash)]
    return [{ kind: 'orderLeftOut', sentence, leaves, against: { kind: 'receipt', receipt, signature } }]
  })
}

/** The entries between which a hash would stand: one at the book's ends, none in an empty book. */
function neighbours({ headers, entries }: DayRecord, place: number, orderHash: string): LeafRef[] {
  const { firstEntry, orderCount } = headers[place]!
  const hash = orderHash.toLowerCase()
  const indexes = Array.from({ length: orderCount }, (_, k) => firstEntry + k)
  const after = indexes.find((index) => entries[index]!.line.orderHash > hash) ?? firstEntry + orderCount
  return [after - 1, after].filter((index) => indexes.includes(index)).map(entry)
}

/** Revealed orders that the book lists with another node, side, limit or size. */
export function checkOrders(record: DayRecord, { orders }: Evidence): Fault[] {
  const places = placesOf(record)
  return orders.flatMap(({ order, orderHash }): Fault[] => {
    const found = places.get(key(order.slot, orderHash))
    if (found === undefined) return []
    const { line } = record.entries[found.index]!
    const same =
      sameAddress(line.node, order.node) &&
      line.side === order.side &&
      line.limitGweiPerWh === order.limitGweiPerWh &&
      line.wattHours === order.wattHours
    if (same) return []
    const sentence = `The book of slot ${order.slot} lists the order ${orderHash} otherwise than it says.`
    const leaves = [header(found.place), entry(found.index)]
    return [{ kind: 'lineDiffersFromOrder', sentence, leaves, against: { kind: 'order', order } }]
  })
}

/** Signed readings that an entry names and contradicts. */
export function checkReadings(record: DayRecord, { readings }: Evidence): Fault[] {
  const byHash = new Map(readings.map((one) => [one.hash.toLowerCase(), one.reading]))
  return record.entries.flatMap((one, index): Fault[] => {
    const reading = byHash.get(one.readingHash.toLowerCase())
    const counted = one.line.side === 'sell' ? reading?.exportWh : reading?.importWh
    const wrong =
      reading === undefined ? one.readingHash === zeroHash && one.measuredWh > 0 : counted !== one.measuredWh
    if (!wrong) return []
    const sentence = `${one.measuredWh} Wh are booked for ${one.line.node} where the meter's reading says ${counted ?? 'nothing'}.`
    const against = reading === undefined ? {} : { against: { kind: 'reading', reading } as const }
    return [{ kind: 'readingDiffers', sentence, leaves: [entry(index)], ...against }]
  })
}

function key(slot: number, orderHash: string): string {
  return `${slot} ${orderHash.toLowerCase()}`
}

function placesOf({ headers, entries }: DayRecord): Map<string, Place> {
  return new Map(
    headers.flatMap(({ slot, firstEntry, orderCount }, place) =>
      Array.from({ length: orderCount }, (_, k) => firstEntry + k).map((index): [string, Place] => [
        key(slot, entries[index]!.line.orderHash),
        { place, index },
      ]),
    ),
  )
}
