import { isUint32 } from '../units.ts'

/** Most orders of one slot: with it every sum of watt-hours (2^32 each) stays an exact double. */
export const mostOrders = 2 ** 20

/**
 * The orders of one slot as columns, so that a million of them are sorted without an object for each. Row i of every column
 * belongs to order i; rows may stand in any order.
 */
export type OrderColumns = {
  readonly count: number
  /** 1 = buys, 0 = sells. */
  readonly buys: Uint8Array
  /** Highest price of a bid, lowest of an ask. */
  readonly limitGweiPerWh: Uint32Array
  /** At least 1. */
  readonly wattHours: Uint32Array
  /** 32 bytes a row, all different. */
  readonly hashes: Uint8Array
}

/** An order as far as clearing looks at it. */
export type ClearingOrder = {
  readonly side: 'buy' | 'sell'
  readonly limitGweiPerWh: number
  readonly wattHours: number
  /** 32 bytes. */
  readonly hash: Uint8Array
}

/** Bytes of a hash. */
export const hashBytes = 32

/** Orders as columns. Throws a RangeError for more than 2^20 of them and for a price or a quantity out of range. */
export function columnsOf(orders: readonly ClearingOrder[]): OrderColumns {
  const count = orders.length
  if (count > mostOrders)
    throw new RangeError(`A slot has ${count} orders; ${mostOrders} is the most that can be cleared.`)
  const columns = {
    count,
    buys: new Uint8Array(count),
    limitGweiPerWh: new Uint32Array(count),
    wattHours: new Uint32Array(count),
    hashes: new Uint8Array(count * hashBytes),
  }
  orders.forEach((order, row) => {
    if (!isUint32(order.limitGweiPerWh) || !isUint32(order.wattHours) || order.wattHours === 0)
      throw new RangeError(`Order ${row} wants ${order.wattHours} Wh at ${order.limitGweiPerWh} gwei per Wh.`)
    if (order.hash.length !== hashBytes)
      throw new RangeError(`The hash of order ${row} has ${order.hash.length} bytes.`)
    columns.buys[row] = order.side === 'buy' ? 1 : 0
    columns.limitGweiPerWh[row] = order.limitGweiPerWh
    columns.wattHours[row] = order.wattHours
    columns.hashes.set(order.hash, row * hashBytes)
  })
  return columns
}
