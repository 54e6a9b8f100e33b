import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { judgeClearing, tryEverything } from '../testing/judge-clearing.ts'
import { largeMarket, randomFrom, smallMarket } from '../testing/random-markets.ts'
import { clearSlot } from './clear-slot.ts'
import { type ClearingOrder, columnsOf } from './order-columns.ts'
import { compareHashes, sortByHash, sortStable } from './sort-rows.ts'

const order = (side: 'buy' | 'sell', limitGweiPerWh: number, wattHours: number, hash: number): ClearingOrder => ({
  side,
  limitGweiPerWh,
  wattHours,
  hash: new Uint8Array(32).fill(hash),
})
const clear = (...orders: ClearingOrder[]) => {
  const { priceGweiPerWh, tradedWh, filledWh } = clearSlot(columnsOf(orders))
  return { priceGweiPerWh, tradedWh, filledWh: [...filledWh] }
}

describe('the auction of a slot', () => {
  it('trades nothing where nobody agrees', () => {
    expect(clear()).toEqual({ priceGweiPerWh: null, tradedWh: 0, filledWh: [] })
    expect(clear(order('buy', 10, 5, 1), order('sell', 11, 5, 2))).toEqual({
      priceGweiPerWh: null,
      tradedWh: 0,
      filledWh: [0, 0],
    })
  })

  it('gives buyer and seller the middle, and the half gwei to the buyer', () => {
    const sale = clear(order('buy', 31, 4, 1), order('sell', 10, 4, 2))
    expect(sale).toEqual({ priceGweiPerWh: 20, tradedWh: 4, filledWh: [4, 4] })
  })

  it('lets who is filled in part name the price: he neither gains nor loses', () => {
    const sale = clear(order('buy', 30, 10, 1), order('sell', 10, 4, 2))
    expect(sale).toEqual({ priceGweiPerWh: 30, tradedWh: 4, filledWh: [4, 4] })
  })

  it('holds the price between those who are left out', () => {
    const sale = clear(order('buy', 30, 4, 1), order('buy', 24, 4, 2), order('sell', 10, 4, 3), order('sell', 28, 4, 4))
    expect(sale).toEqual({ priceGweiPerWh: 26, tradedWh: 4, filledWh: [4, 0, 4, 0] })
  })

  it('fills equal limits by ascending hash, whatever their sequence', () => {
    const [early, late] = [order('buy', 20, 5, 0x01), order('buy', 20, 5, 0xfe)]
    const sun = order('sell', 20, 7, 0x80)
    expect(clear(early, late, sun).filledWh).toEqual([5, 2, 7])
    expect(clear(sun, late, early).filledWh).toEqual([7, 2, 5])
  })

  it('refuses the same order twice', () => {
    expect(() => clear(order('buy', 20, 5, 7), order('buy', 20, 5, 7))).toThrow('Orders 0 and 1 are the same order.')
  })

  it('refuses an order for nothing, a negative price, and a price that is no whole number', () => {
    expect(() => columnsOf([order('buy', 20, 0, 1)])).toThrow('Order 0 wants 0 Wh')
    expect(() => columnsOf([order('sell', -1, 5, 1)])).toThrow('at -1 gwei')
    expect(() => columnsOf([order('sell', 1.5, 5, 1)])).toThrow('at 1.5 gwei')
  })

  it('is as good as trying everything, on 2,000 small markets', () => {
    const random = randomFrom(20_261_125)
    const wrong = Array.from({ length: 2000 }, (_, market) =>
      judgeClearing(smallMarket(random, 6, market % 2 === 0 ? 3 : 12), random),
    )
    expect(wrong.filter((list) => list.length > 0)).toEqual([])
  })

  it('is judged by an oracle that finds a trade where there is one', () => {
    expect(tryEverything([order('buy', 30, 2, 1), order('sell', 10, 3, 2)])).toEqual({ welfare: 40, tradedWh: 2 })
    expect(tryEverything([order('buy', 10, 2, 1), order('sell', 30, 3, 2)])).toEqual({ welfare: 0, tradedWh: 0 })
  })

  it('clears 100,000 orders with bought and sold in balance and nobody outside his limit', () => {
    const market = largeMarket(randomFrom(7), 100_000)
    const { priceGweiPerWh, tradedWh, filledWh } = clearSlot(market)
    const price = priceGweiPerWh!
    let [bought, sold, outside, unfilled] = [0, 0, 0, 0]
    filledWh.forEach((wh, row) => {
      const buys = market.buys[row] === 1
      const gain = buys ? market.limitGweiPerWh[row]! - price : price - market.limitGweiPerWh[row]!
      if (buys) bought += wh
      else sold += wh
      if (gain < 0 && wh > 0) outside++
      if (gain > 0 && wh < market.wattHours[row]!) unfilled++
    })
    expect({ bought, sold, outside, unfilled }).toEqual({ bought: tradedWh, sold: tradedWh, outside: 0, unfilled: 0 })
  })
})

describe('the sort of a slot', () => {
  const sorted = (keys: readonly number[]): number[] =>
    keys.map((_, row) => row).sort((left, right) => keys[left]! - keys[right]! || left - right)

  it('is stable for few rows and for many, also where keys share digits', () => {
    const key = fc.oneof(fc.integer({ min: 0, max: 0xffff_ffff }), fc.integer({ min: 0, max: 3 }))
    const keys = fc.oneof(fc.array(key, { maxLength: 40 }), fc.array(key, { minLength: 1024, maxLength: 1500 }))
    fc.assert(
      fc.property(keys, (list) => {
        const rows = Uint32Array.from(list, (_, row) => row)
        expect([...sortStable(rows, Uint32Array.from(list))]).toEqual(sorted(list))
        expect([...rows]).toEqual(list.map((_, row) => row))
      }),
    )
  })

  it('leaves many rows with one key as they are', () => {
    const rows = Uint32Array.from({ length: 2000 }, (_, row) => 1999 - row)
    expect([...sortStable(rows, new Uint32Array(2000).fill(9))]).toEqual([...rows])
  })

  it('orders hashes that share their first bytes by the rest', () => {
    const random = randomFrom(3)
    const hashes = new Uint8Array(1500 * 32)
    for (let at = 0; at < hashes.length; at++) hashes[at] = at % 32 < 4 ? at % 3 : Math.floor(random() * 256)
    const rows = sortByHash(hashes, 1500)
    const falls = [...rows].filter((row, place) => place > 0 && compareHashes(hashes, rows[place - 1]!, row) >= 0)
    expect(falls).toEqual([])
    expect(new Set(rows).size).toBe(1500)
  })
})
