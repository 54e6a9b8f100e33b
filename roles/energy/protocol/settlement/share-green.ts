import { certifyDay, type GenerationDay, greenWh } from '../certificates.ts'
import type { Tariff } from '../units.ts'
import { type Certified, type DayRecord, sumsBefore, tradeOf } from './day-record.ts'
import { settleTrade, shareOf } from './settle-slot.ts'

/** A generation meter's day before it is known what of it was sold. */
export type MeteredGeneration = Omit<GenerationDay, 'slots'> & {
  readonly slots: readonly Omit<GenerationDay['slots'][number], 'matchedWh'>[]
  /** End of the range of this meter that is certified already. */
  readonly certifiedUpToWh: number
}

/** What goes on chain for a node: money, what its meter is certified for, and what it holds after certificates went along with the trades. */
export type DayNet = {
  readonly node: string
  readonly netWei: bigint
  readonly certifiedWh: number
  readonly heldWh: number
}

export type CertifiedDay = {
  /** By ascending node; money sums to zero, and certified to held. */
  readonly nets: readonly DayNet[]
  readonly certified: readonly Omit<Certified, 'salt'>[]
  readonly refused: readonly { readonly node: string; readonly sentence: string }[]
}

/**
 * Certifies a day's generation and lets certificates go along with what was sold (PROTOCOL 7.2). Pure. In each slot what sellers made there and then
 * is shared among the buyers in proportion to what they got at the price, in whole Wh by the order of the book; a seller never passes on more
 * than its day is certified for. The rest stays with who made it.
 */
export function certifyAndShare(
  record: DayRecord,
  tariff: Tariff,
  generation: readonly MeteredGeneration[],
): CertifiedDay {
  const matched = matchedBySlot(record, tariff)
  const certified: Omit<Certified, 'salt'>[] = []
  const refused: { node: string; sentence: string }[] = []
  const greenBySlot = new Map<number, number>()
  const held = new Map<string, number>()
  for (const metered of generation) {
    const node = metered.node.toLowerCase()
    const sold = (slot: number): number =>
      matched.get(slot)?.find((one) => one.node === node && one.side === 'sell')?.matchedWh ?? 0
    const day = { ...metered, slots: metered.slots.map((one) => ({ ...one, matchedWh: sold(one.slot) })) }
    const verdict = certifyDay(day, metered.certifiedUpToWh)
    if (verdict.kind === 'refused') {
      refused.push({ node, sentence: verdict.sentence })
      continue
    }
    certified.push(verdict.certified)
    const left = passOn(day, verdict.certified.mintedWh, greenBySlot)
    held.set(node, (held.get(node) ?? 0) + left)
  }
  for (const [slot, wattHours] of greenBySlot) shareAmongBuyers(matched.get(slot) ?? [], wattHours, held)
  return { nets: netsOf(record, certified, held), certified, refused }
}

type Matched = { readonly node: string; readonly side: 'sell' | 'buy'; readonly matchedWh: number }

function matchedBySlot({ headers, entries }: DayRecord, tariff: Tariff): Map<number, Matched[]> {
  return new Map(
    headers.map((head) => [
      head.slot,
      entries.slice(head.firstEntry, head.firstEntry + head.orderCount).map((entry): Matched => {
        const { matchedWh } = settleTrade(tradeOf(entry), sumsBefore(entry), head, head.priceGweiPerWh, tariff)
        return { node: entry.line.node.toLowerCase(), side: entry.line.side, matchedWh }
      }),
    ]),
  )
}

/** Adds what a seller passes on to each slot's sum; returns what it keeps of its certificates. */
function passOn(day: GenerationDay, mintedWh: number, greenBySlot: Map<number, number>): number {
  let left = mintedWh
  for (const slot of day.slots) {
    const passed = slot.counts ? Math.min(left, greenWh(slot)) : 0
    if (passed === 0) continue
    left -= passed
    greenBySlot.set(slot.slot, (greenBySlot.get(slot.slot) ?? 0) + passed)
  }
  return left
}

function shareAmongBuyers(trades: readonly Matched[], wattHours: number, held: Map<string, number>): void {
  const buyers = trades.filter(({ side }) => side === 'buy')
  const all = buyers.reduce((sum, { matchedWh }) => sum + matchedWh, 0)
  let before = 0
  for (const { node, matchedWh } of buyers) {
    held.set(node, (held.get(node) ?? 0) + shareOf(wattHours, before, matchedWh, all))
    before += matchedWh
  }
}

function netsOf(
  { totals }: DayRecord,
  certified: readonly Omit<Certified, 'salt'>[],
  held: ReadonlyMap<string, number>,
): DayNet[] {
  const money = new Map(totals.map(({ node, netWei }) => [node.toLowerCase(), netWei]))
  const minted = new Map<string, number>()
  for (const { node, mintedWh } of certified) {
    const key = node.toLowerCase()
    minted.set(key, (minted.get(key) ?? 0) + mintedWh)
  }
  return [...new Set([...money.keys(), ...minted.keys(), ...held.keys()])]
    .toSorted((left, right) => (left < right ? -1 : 1))
    .map((node) => ({
      node,
      netWei: money.get(node) ?? 0n,
      certifiedWh: minted.get(node) ?? 0,
      heldWh: held.get(node) ?? 0,
    }))
    .filter(({ netWei, certifiedWh, heldWh }) => netWei !== 0n || certifiedWh > 0 || heldWh > 0)
}
