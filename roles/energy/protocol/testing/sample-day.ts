import type { Community } from '../market.ts'
import { settleDay, type SettledSlot, zeroHash } from '../settlement/settle-day.ts'
import type { DayRecord } from '../settlement/day-record.ts'
import { makeSlotBook, type HashedOrder } from '../settlement/slot-book.ts'
import { energyHash, type EnergyOrder, type SlotReading } from '../typed-data.ts'
import { hashWords, hexOfBytes } from '../words.ts'
import { randomFrom, wholeFrom } from './random-markets.ts'

/** A community on a made-up chain. */
export const sampleCommunity: Community = {
  chainId: 31_337,
  contract: '0x00000000000000000000000000000000000000e1',
  community: `0x${'c0'.repeat(32)}`,
}
export const sampleTariff = { retailGweiPerWh: 300_000, feedInGweiPerWh: 80_000 }
export const sampleSlotsPerDay = 8

export type SampleDay = {
  readonly record: DayRecord
  readonly orders: readonly { readonly order: EnergyOrder; readonly orderHash: string }[]
  readonly readings: readonly { readonly reading: SlotReading; readonly hash: string }[]
  readonly slots: readonly SettledSlot[]
}

/** The account of a made-up node. */
export function sampleNode(number: number): string {
  return `0x${(number + 1).toString(16).padStart(40, 'a')}`
}

/**
 * A day of `nodes` nodes that trade, deliver more or less what they sold and sometimes nothing, settled by the rules. Slot 3 has no market and
 * some slots may have orders without a trade. The seed decides everything.
 */
export function sampleDay(seed: number, nodes: number, day = 12): SampleDay {
  const random = randomFrom(seed)
  const orders: { order: EnergyOrder; orderHash: string }[] = []
  const readings: { reading: SlotReading; hash: string }[] = []
  const slots: SettledSlot[] = []
  for (let place = 0; place < sampleSlotsPerDay; place++) {
    if (place === 3) continue
    const slot = day * sampleSlotsPerDay + place
    const wishes = Array.from({ length: nodes }, (_, node) => sampleOrder(random, slot, node))
    const counted = wishes.filter(() => random() < 0.9).map(({ order }) => sampleReading(random, order))
    orders.push(...wishes)
    readings.push(...counted)
    const hashed: HashedOrder[] = wishes.map(({ order, orderHash }) => ({ ...order, orderHash }))
    slots.push({
      book: makeSlotBook(slot, hashed, hashWords(seed, slot)),
      settler: sampleNode(wholeFrom(random, 0, nodes - 1)),
      signature: new Uint8Array(65).fill(place + 1),
      readings: new Map(counted.map(({ reading, hash }) => [reading.node.toLowerCase(), { ...reading, hash }])),
    })
  }
  const options = { at: sampleCommunity, day, slotsPerDay: sampleSlotsPerDay, tariff: sampleTariff }
  const record = settleDay({ ...options, secret: hashWords(seed), slots, certified: [] })
  return { record, orders, readings, slots }
}

function sampleOrder(random: () => number, slot: number, node: number) {
  const order: EnergyOrder = {
    node: sampleNode(node),
    community: sampleCommunity.community,
    slot,
    side: random() < 0.5 ? 'buy' : 'sell',
    limitGweiPerWh: wholeFrom(random, 8, 30) * 10_000,
    wattHours: wholeFrom(random, 1, 900),
    nonce: hexOfBytes(hashWords(slot, node, Math.floor(random() * 2 ** 32))),
  }
  return { order, orderHash: energyHash(sampleCommunity, { kind: 'Order', value: order }) }
}

function sampleReading(random: () => number, order: EnergyOrder) {
  const factor = random() < 0.1 ? 0 : 0.7 + 0.6 * random()
  const wattHours = Math.floor(order.wattHours * factor)
  const reading: SlotReading = {
    node: order.node,
    community: order.community,
    slot: order.slot,
    meter: hexOfBytes(hashWords(order.node)),
    importRegisterWh: 1_000_000,
    exportRegisterWh: 500_000,
    importWh: order.side === 'buy' ? wattHours : 0,
    exportWh: order.side === 'sell' ? wattHours : 0,
    previous: zeroHash,
    nonce: hexOfBytes(hashWords(order.node, order.slot)),
  }
  return { reading, hash: energyHash(sampleCommunity, { kind: 'Reading', value: reading }) }
}
