import type { Tariff } from '../units.ts'
import { type DayRecord, type Entry, type SlotHeader, sumsBefore, tradeOf } from './day-record.ts'
import { entry, type Fault, header, total } from './fault.ts'
import { addTrade, noSums, settleTrade } from './settle-slot.ts'

/** A slot's header against its neighbour before it and its own last entry. */
export function checkHeader({ headers, entries }: DayRecord, place: number): Fault[] {
  const head = headers[place]!
  const before = headers[place - 1]
  const begins = before === undefined ? 0 : before.firstEntry + before.orderCount
  const faults: Fault[] = []
  if (head.firstEntry !== begins) {
    const leaves = before === undefined ? [header(place)] : [header(place - 1), header(place)]
    faults.push(sums(head, `its entries begin at ${head.firstEntry} instead of ${begins}`, leaves))
  }
  const lastIndex = head.firstEntry + head.orderCount - 1
  const last = head.orderCount === 0 ? undefined : entries[lastIndex]
  const after = last === undefined ? noSums : addTrade(sumsBefore(last), tradeOf(last))
  const leaves = last === undefined ? [header(place)] : [header(place), entry(lastIndex)]
  const claims = [
    ['sold', head.tradedWh, after.soldWh],
    ['bought', head.tradedWh, after.boughtWh],
    ['delivered', head.deliveredWh, after.deliveredWh],
    ['taken', head.takenWh, after.takenWh],
  ] as const
  for (const [what, claimed, counted] of claims) {
    if (claimed !== counted)
      faults.push(sums(head, `${claimed} Wh are said to be ${what} and ${counted} Wh are`, leaves))
  }
  return faults
}

/** Every entry against its slot's header and the entry before it in the slot. */
export function checkEntries(record: DayRecord, tariff: Tariff): Fault[] {
  return record.headers.flatMap((head, place) => {
    const lastAtPrice = findLastAtPrice(record, head)
    return Array.from({ length: head.orderCount }, (_, k) => head.firstEntry + k).flatMap((index) => [
      ...checkOrderOfBook(record, place, index),
      ...checkFill(record, place, index, tariff, lastAtPrice),
      ...checkAmount(record, place, index, tariff),
    ])
  })
}

/** For each side the last entry of the slot whose limit is the price and that trades; -1 for none. */
type LastAtPrice = Readonly<Record<'sell' | 'buy', number>>

function findLastAtPrice({ entries }: DayRecord, { firstEntry, orderCount, priceGweiPerWh }: SlotHeader): LastAtPrice {
  const last = { sell: -1, buy: -1 }
  for (let index = firstEntry; index < firstEntry + orderCount; index++) {
    const { side, limitGweiPerWh, filledWh } = entries[index]!.line
    if (limitGweiPerWh === priceGweiPerWh && filledWh > 0) last[side] = index
  }
  return last
}

function checkOrderOfBook({ headers, entries }: DayRecord, place: number, index: number): Fault[] {
  const head = headers[place]!
  const one = entries[index]!
  const before = index === head.firstEntry ? undefined : entries[index - 1]!
  const leaves = before === undefined ? [header(place), entry(index)] : [header(place), entry(index - 1), entry(index)]
  const faults: Fault[] = []
  const expected = before === undefined ? noSums : addTrade(sumsBefore(before), tradeOf(before))
  const found = sumsBefore(one)
  if (keys.some((key) => expected[key] !== found[key]))
    faults.push(sums(head, `the sums before entry ${index} do not follow from those of its neighbour`, leaves))
  if (before === undefined) return faults
  if (before.line.orderHash >= one.line.orderHash)
    faults.push({
      kind: 'bookOutOfOrder',
      sentence: `Entries ${index - 1} and ${index} stand in the wrong order.`,
      leaves,
    })
  return faults
}

function checkFill(
  { headers, entries }: DayRecord,
  place: number,
  index: number,
  tariff: Tariff,
  lastAtPrice: LastAtPrice,
): Fault[] {
  const head = headers[place]!
  const { line } = entries[index]!
  const price = head.priceGweiPerWh
  const gain = line.side === 'buy' ? line.limitGweiPerWh - price : price - line.limitGweiPerWh
  const leaves = [header(place), entry(index)]
  const who = `The order of ${line.node} in slot ${head.slot}`
  if (line.filledWh > line.wattHours)
    return [
      { kind: 'fillOutsideLimit', sentence: `${who} is filled with ${line.filledWh} of ${line.wattHours} Wh.`, leaves },
    ]
  if (line.filledWh > 0 && (gain < 0 || price > tariff.retailGweiPerWh || price < tariff.feedInGweiPerWh)) {
    const sentence = `${who} has the limit ${line.limitGweiPerWh} and trades at ${price} gwei per Wh.`
    return [{ kind: 'fillOutsideLimit', sentence, leaves }]
  }
  if (head.tradedWh === 0 || line.filledWh === line.wattHours) return []
  if (gain > 0)
    return [
      {
        kind: 'betterOrderUnfilled',
        sentence: `${who} is better than the price and gets ${line.filledWh} Wh.`,
        leaves,
      },
    ]
  const later = lastAtPrice[line.side]
  if (gain < 0 || later <= index) return []
  const sentence = `${who} was passed over for one with the same limit and a higher hash.`
  return [{ kind: 'unfairAtTheMargin', sentence, leaves: [...leaves, entry(later)] }]
}

function checkAmount({ headers, entries }: DayRecord, place: number, index: number, tariff: Tariff): Fault[] {
  const head = headers[place]!
  const one = entries[index]!
  const { netWei } = settleTrade(tradeOf(one), sumsBefore(one), head, head.priceGweiPerWh, tariff)
  if (netWei === one.netWei) return []
  const sentence = `The trade of ${one.line.node} in slot ${head.slot} comes to ${netWei} wei and ${one.netWei} are booked.`
  return [{ kind: 'amountDiffers', sentence, leaves: [header(place), entry(index)] }]
}

type Nets = readonly { readonly node: string; readonly netWei: bigint }[]

/** Each node's entries as a chain, its sum at the end of it, and the sum that was posted. */
export function checkNodes({ entries, totals }: DayRecord, postedNets: Nets | null): Fault[] {
  const faults: Fault[] = []
  const lastOf = new Map<string, number>()
  entries.forEach((one, index) => {
    const node = one.line.node.toLowerCase()
    const previous = lastOf.get(node) ?? 0
    const netBefore = previous === 0 ? 0n : entries[previous - 1]!.nodeNetBeforeWei + entries[previous - 1]!.netWei
    if (one.previousEntry !== previous || one.nodeNetBeforeWei !== netBefore) {
      const leaves = previous === 0 ? [entry(index)] : [entry(previous - 1), entry(index)]
      faults.push({ kind: 'nodeSumsDiffer', sentence: `The day's sum of ${node} breaks at entry ${index}.`, leaves })
    }
    lastOf.set(node, index + 1)
  })
  totals.forEach((one, index) => faults.push(...checkTotal(one, index, entries, lastOf, postedNets)))
  const listed = new Set(totals.map(({ node }) => node.toLowerCase()))
  for (const [node, last] of lastOf) {
    if (listed.has(node)) continue
    const next = totals.findIndex((one) => one.node.toLowerCase() > node)
    const after = next < 0 ? totals.length : next
    const neighbours = [after - 1, after].filter((at) => at >= 0 && at < totals.length).map(total)
    faults.push({
      kind: 'nodeSumsDiffer',
      sentence: `${node} traded and has no sum.`,
      leaves: [entry(last - 1), ...neighbours],
    })
  }
  return [...faults, ...checkStrangers(listed, postedNets ?? [])]
}

/** Money that is posted for nodes of which the record knows nothing. No leaf shows what is not there. */
function checkStrangers(listed: ReadonlySet<string>, postedNets: Nets): Fault[] {
  return postedNets
    .filter(({ node, netWei }) => netWei !== 0n && !listed.has(node.toLowerCase()))
    .map(({ node, netWei }) => ({
      kind: 'postedSumDiffers',
      sentence: `${netWei} wei are posted for ${node}, which has no sum in the day's record.`,
      leaves: [],
    }))
}

function checkTotal(
  { node, netWei, lastEntry }: DayRecord['totals'][number],
  index: number,
  entries: readonly Entry[],
  lastOf: ReadonlyMap<string, number>,
  postedNets: Nets | null,
): Fault[] {
  const last = lastOf.get(node.toLowerCase()) ?? 0
  const faults: Fault[] = []
  const counted = last === 0 ? 0n : entries[last - 1]!.nodeNetBeforeWei + entries[last - 1]!.netWei
  if (lastEntry !== last || netWei !== counted) {
    const leaves = last === 0 ? [total(index)] : [total(index), entry(last - 1)]
    const sentence = `The trades of ${node} come to ${counted} wei and ${netWei} are booked for the day.`
    faults.push({ kind: 'nodeSumsDiffer', sentence, leaves })
  }
  const posted = postedNets?.find((one) => one.node.toLowerCase() === node.toLowerCase())?.netWei ?? 0n
  if (postedNets !== null && posted !== netWei) {
    const sentence = `${posted} wei are posted for ${node} where the day's record says ${netWei}.`
    faults.push({ kind: 'postedSumDiffers', sentence, leaves: [total(index)] })
  }
  return faults
}

const keys = ['soldWh', 'boughtWh', 'deliveredWh', 'takenWh'] as const

function sums({ slot }: SlotHeader, what: string, leaves: Fault['leaves']): Fault {
  return { kind: 'slotSumsDiffer', sentence: `In slot ${slot} ${what}.`, leaves }
}
