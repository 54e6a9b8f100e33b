import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { weiOf } from '../units.ts'
import {
  addTrade,
  kept,
  type MeasuredTrade,
  noSums,
  reservationWei,
  settleTrade,
  sumSlot,
  type TradeSettlement,
} from './settle-slot.ts'

const tariff = { retailGweiPerWh: 300_000, feedInGweiPerWh: 80_000 }
const price = 200_000

function settle(trades: readonly MeasuredTrade[], priceGweiPerWh = price): TradeSettlement[] {
  const sums = sumSlot(trades)
  let before = noSums
  return trades.map((trade) => {
    const settled = settleTrade(trade, before, sums, priceGweiPerWh, tariff)
    before = addTrade(before, trade)
    return settled
  })
}
const sells = (filledWh: number, measuredWh: number): MeasuredTrade => ({ side: 'sell', filledWh, measuredWh })
const buys = (filledWh: number, measuredWh: number): MeasuredTrade => ({ side: 'buy', filledWh, measuredWh })
const nets = (...trades: MeasuredTrade[]): bigint[] => settle(trades).map(({ netWei }) => netWei)

describe('money of a slot', () => {
  it('moves exactly price times energy when everybody keeps his word', () => {
    expect(nets(sells(500, 700), buys(300, 300), buys(200, 900))).toEqual([
      weiOf(price, 500),
      -weiOf(price, 300),
      -weiOf(price, 200),
    ])
  })

  it('7.5 a seller who delivers less pays each missing Wh (retail - price), so buyers pay the price for everything in the end', () => {
    const [seller, buyer] = nets(sells(500, 400), buys(500, 500))
    expect(seller).toBe(weiOf(price, 400) - weiOf(300_000 - price, 100))
    const supplierBill = weiOf(300_000, 100)
    expect(-buyer! + supplierBill).toBe(weiOf(price, 500))
  })

  it('7.5 a buyer who takes less pays each missing Wh (price - feed-in), so sellers get the price for everything in the end', () => {
    const [seller, buyer] = nets(sells(500, 500), buys(500, 400))
    expect(buyer).toBe(-weiOf(price, 400) - weiOf(price - 80_000, 100))
    const feedIn = weiOf(80_000, 100)
    expect(seller! + feedIn).toBe(weiOf(price, 500))
  })

  it('7.5 a seller who sold what he never makes gains nothing, whatever the others do', () => {
    expect(nets(sells(500, 0), buys(500, 500))[0]).toBe(-weiOf(100_000, 500))
    expect(nets(sells(500, 0), buys(500, 0))).toEqual([0n, 0n])
  })

  it('shares what is missing among those who fell short, and the loss among those who kept their word', () => {
    const settled = settle([sells(100, 100), sells(100, 0), sells(100, 50), buys(300, 300)])
    expect(settled.map(({ matchedWh, stoodUpWh, missedWh }) => [matchedWh, stoodUpWh, missedWh])).toEqual([
      [100, 0, 0],
      [0, 0, 100],
      [50, 0, 50],
      [150, 150, 0],
    ])
  })

  it('refuses a book in which bought and sold differ', () => {
    expect(() => sumSlot([sells(5, 5), buys(4, 4)])).toThrow('5 Wh are sold and 4 Wh bought')
  })

  const wattHours = fc.oneof(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 2 ** 32 - 1 }))
  const half = fc.array(fc.record({ filledWh: wattHours, measuredWh: wattHours }), { minLength: 1, maxLength: 12 })
  /** Any sellers, and buyers that between them buy just what is sold, in any sequence. */
  const book = fc.tuple(half, half, fc.array(fc.nat())).map(([sellers, buyers, keys]) => {
    const total = sellers.reduce((sum, { filledWh }) => sum + filledWh, 0)
    let left = total
    const bought = buyers.map(({ filledWh, measuredWh }, at) => {
      const own = at === buyers.length - 1 ? left : Math.min(left, filledWh)
      left -= own
      return buys(own, measuredWh)
    })
    const all = [...sellers.map(({ filledWh, measuredWh }) => sells(filledWh, measuredWh)), ...bought]
    return all
      .map((trade, at) => ({ trade, key: keys[at] ?? at }))
      .sort((a, b) => a.key - b.key)
      .map(({ trade }) => trade)
  })

  it('sums to zero to the wei, and nobody pays more than was reserved for him', () => {
    fc.assert(
      fc.property(book, fc.integer({ min: 80_000, max: 300_000 }), (trades, priceGweiPerWh) => {
        const settled = settle(trades, priceGweiPerWh)
        expect(settled.reduce((sum, { netWei }) => sum + netWei, 0n)).toBe(0n)
        settled.forEach(({ netWei, missedWh }, at) => {
          const { side, filledWh } = trades[at]!
          expect(-netWei <= reservationWei({ side, wattHours: filledWh }, tariff)).toBe(true)
          expect(missedWh).toBeLessThanOrEqual(filledWh - kept(trades[at]!))
        })
      }),
    )
  })

  it('leaves who kept his word exactly as well off as if all had, counting his supplier', () => {
    fc.assert(
      fc.property(book, (trades) => {
        settle(trades).forEach(({ netWei, stoodUpWh }, at) => {
          const trade = trades[at]!
          if (kept(trade) < trade.filledWh) return
          const promised = weiOf(price, trade.filledWh)
          if (trade.side === 'sell') expect(netWei + weiOf(80_000, stoodUpWh)).toBe(promised)
          else expect(-netWei + weiOf(300_000, stoodUpWh)).toBe(promised)
        })
      }),
    )
  })
})
