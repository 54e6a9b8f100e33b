import { type ClearingOrder, hashBytes, type OrderColumns } from '../clearing/order-columns.ts'

/** Numbers from 0 up to 1 that a seed decides (mulberry32): the same seed makes the same markets everywhere. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** A whole number from `least` to `most`. */
export function wholeFrom(random: () => number, least: number, most: number): number {
  return least + Math.floor(random() * (most - least + 1))
}

/** A market small enough to try every way of trading: up to `orders` orders of up to 3 Wh with few prices, so that ties abound. */
export function smallMarket(random: () => number, orders: number, prices: number): ClearingOrder[] {
  return Array.from({ length: wholeFrom(random, 0, orders) }, () => ({
    side: random() < 0.5 ? 'buy' : 'sell',
    limitGweiPerWh: wholeFrom(random, 10, 9 + prices),
    wattHours: wholeFrom(random, 1, 3),
    hash: Uint8Array.from({ length: hashBytes }, () => wholeFrom(random, 0, 255)),
  }))
}

/** A market of `count` orders between two prices, half of them bids, made as columns. */
export function largeMarket(random: () => number, count: number): OrderColumns {
  const columns = {
    count,
    buys: new Uint8Array(count),
    limitGweiPerWh: new Uint32Array(count),
    wattHours: new Uint32Array(count),
    hashes: new Uint8Array(count * hashBytes),
  }
  for (let row = 0; row < count; row++) {
    columns.buys[row] = random() < 0.5 ? 1 : 0
    columns.limitGweiPerWh[row] = wholeFrom(random, 80_000, 320_000)
    columns.wattHours[row] = wholeFrom(random, 1, 1500)
  }
  const words = new Uint32Array(columns.hashes.buffer)
  for (let word = 0; word < words.length; word++) words[word] = Math.floor(random() * 2 ** 32)
  return columns
}

/** The same orders in another sequence. */
export function shuffled<T>(random: () => number, items: readonly T[]): T[] {
  const mixed = [...items]
  for (let last = mixed.length - 1; last > 0; last--) {
    const other = wholeFrom(random, 0, last)
    ;[mixed[last], mixed[other]] = [mixed[other]!, mixed[last]!]
  }
  return mixed
}
