import { clearSlot } from '../clearing/clear-slot.ts'
import { columnsOf, type ClearingOrder } from '../clearing/order-columns.ts'
import { shuffled } from './random-markets.ts'

/** The best that any way of trading can reach. */
export type Best = { readonly welfare: number; readonly tradedWh: number }

/**
 * The largest welfare (what buyers would have paid at most, less what sellers would have taken at least) and the most watt-hours
 * with it, found by trying every fill of every order. No sorting, no price, nothing shared with the auction.
 */
export function tryEverything(orders: readonly ClearingOrder[]): Best {
  let best: Best = { welfare: 0, tradedWh: 0 }
  const visit = (next: number, balanceWh: number, boughtWh: number, welfare: number): void => {
    const order = orders[next]
    if (order === undefined) {
      const better = welfare > best.welfare || (welfare === best.welfare && boughtWh > best.tradedWh)
      if (balanceWh === 0 && better) best = { welfare, tradedWh: boughtWh }
      return
    }
    const sign = order.side === 'buy' ? 1 : -1
    for (let fillWh = 0; fillWh <= order.wattHours; fillWh++) {
      const bought = sign > 0 ? boughtWh + fillWh : boughtWh
      visit(next + 1, balanceWh + sign * fillWh, bought, welfare + sign * fillWh * order.limitGweiPerWh)
    }
  }
  visit(0, 0, 0, 0)
  return best
}

/** What is wrong with the clearing of this market, each as a sentence; empty when it is all that it promises. */
export function judgeClearing(orders: readonly ClearingOrder[], random: () => number): string[] {
  const { priceGweiPerWh, tradedWh, filledWh } = clearSlot(columnsOf(orders))
  const best = tryEverything(orders)
  const sum = (side: ClearingOrder['side'], weight: (order: ClearingOrder) => number): number =>
    orders.reduce((total, order, row) => total + (order.side === side ? filledWh[row]! * weight(order) : 0), 0)
  const welfare = sum('buy', (order) => order.limitGweiPerWh) - sum('sell', (order) => order.limitGweiPerWh)
  const wrong: string[] = []
  if (welfare !== best.welfare) wrong.push(`welfare ${welfare} where ${best.welfare} is possible`)
  if (tradedWh !== best.tradedWh) wrong.push(`${tradedWh} Wh traded where ${best.tradedWh} are possible`)
  if (sum('buy', () => 1) !== tradedWh || sum('sell', () => 1) !== tradedWh) wrong.push('bought and sold differ')
  if ((priceGweiPerWh === null) !== (tradedWh === 0)) wrong.push('a price without a trade, or a trade without a price')
  orders.forEach((order, row) => {
    const fault = judgeFill(order, filledWh[row]!, priceGweiPerWh)
    if (fault !== null) wrong.push(`order ${row} ${fault}`)
  })
  const other = shuffled(random, orders)
  const again = clearSlot(columnsOf(other))
  const sameFills = other.every((order, row) => again.filledWh[row] === filledWh[orders.indexOf(order)])
  if (!sameFills || again.priceGweiPerWh !== priceGweiPerWh) wrong.push('another sequence of orders changes the result')
  return wrong
}

function judgeFill(order: ClearingOrder, filledWh: number, price: number | null): string | null {
  if (filledWh > order.wattHours) return 'is filled beyond its size'
  if (price === null) return null
  const gain = order.side === 'buy' ? order.limitGweiPerWh - price : price - order.limitGweiPerWh
  if (gain < 0 && filledWh > 0) return `is filled outside its limit, ${gain} gwei`
  return gain > 0 && filledWh < order.wattHours ? `agrees with the price by ${gain} gwei and is left unfilled` : null
}
