import { largestUint32 } from '../units.ts'
import { compareHashes, sortByHash, sortStable } from './sort-rows.ts'
import type { OrderColumns } from './order-columns.ts'

/** What an auction came to. */
export type Clearing = {
  /** The one price of every trade; null when nothing trades. */
  readonly priceGweiPerWh: number | null
  /** Sum of all bids' fills, which is the sum of all asks' fills. */
  readonly tradedWh: number
  /** What each row of the orders trades, from nothing to all of it. */
  readonly filledWh: Uint32Array
  /** All rows by ascending hash: the order in which the slot's book lists them. */
  readonly byHash: Uint32Array
}

/**
 * Clears one slot: a uniform-price double auction. Pure and deterministic; the same orders in any sequence give the same result.
 *
 * Bids from the highest limit and asks from the lowest are merged while the bid is at least the ask; equal limits go by ascending
 * hash, so at the margin the order with the lower hash is filled first (not pro rata, which would have to share out watt-hours that cannot be
 * divided, and would reward whoever splits an order). This trades as much as can be traded with a gain, the most of those with equal
 * gain, and so its welfare is maximal. The price is the middle of the interval in which everybody who trades agrees and nobody
 * who would agree is left unfilled, rounded down to a gwei: the half gwei goes to the buyers, who are charged exactly what sellers
 * get, so that no rounding is ever out of balance. Limits between feed-in and retail give a price between them.
 *
 * Throws a RangeError when two orders have the same hash.
 */
export function clearSlot(orders: OrderColumns): Clearing {
  const byHash = sortByHash(orders.hashes, orders.count)
  refuseTwins(orders, byHash)
  const bids = sortSide(orders, byHash, 1)
  const asks = sortSide(orders, byHash, 0)
  return { ...merge(orders, bids, asks), byHash }
}

function refuseTwins({ hashes, count }: OrderColumns, byHash: Uint32Array): void {
  for (let place = 1; place < count; place++) {
    const [left, right] = [byHash[place - 1]!, byHash[place]!]
    if (compareHashes(hashes, left, right) === 0)
      throw new RangeError(`Orders ${left} and ${right} are the same order.`)
  }
}

/** The rows of one side, the best limit first, equal ones by hash. */
function sortSide({ buys, limitGweiPerWh }: OrderColumns, byHash: Uint32Array, side: 0 | 1): Uint32Array {
  let length = 0
  for (let place = 0; place < byHash.length; place++) if (buys[byHash[place]!] === side) length++
  const rows = new Uint32Array(length)
  const keys = new Uint32Array(length)
  let next = 0
  for (let place = 0; place < byHash.length; place++) {
    const row = byHash[place]!
    if (buys[row] !== side) continue
    rows[next] = row
    keys[next++] = side === 1 ? largestUint32 - limitGweiPerWh[row]! : limitGweiPerWh[row]!
  }
  return sortStable(rows, keys)
}

function merge(orders: OrderColumns, bids: Uint32Array, asks: Uint32Array): Omit<Clearing, 'byHash'> {
  const { limitGweiPerWh, wattHours } = orders
  const filledWh = new Uint32Array(orders.count)
  let [bid, ask, tradedWh, lastBid, lastAsk] = [0, 0, 0, -1, -1]
  while (bid < bids.length && ask < asks.length) {
    const [bidRow, askRow] = [bids[bid]!, asks[ask]!]
    if (limitGweiPerWh[bidRow]! < limitGweiPerWh[askRow]!) break
    const wantedWh = wattHours[bidRow]! - filledWh[bidRow]!
    const offeredWh = wattHours[askRow]! - filledWh[askRow]!
    const tradeWh = Math.min(wantedWh, offeredWh)
    filledWh[bidRow]! += tradeWh
    filledWh[askRow]! += tradeWh
    tradedWh += tradeWh
    ;[lastBid, lastAsk] = [bidRow, askRow]
    if (tradeWh === wantedWh) bid++
    if (tradeWh === offeredWh) ask++
  }
  if (tradedWh === 0) return { priceGweiPerWh: null, tradedWh, filledWh }
  const unfilledBid = bid < bids.length ? limitGweiPerWh[bids[bid]!]! : 0
  const unfilledAsk = ask < asks.length ? limitGweiPerWh[asks[ask]!]! : largestUint32
  const lowest = Math.max(limitGweiPerWh[lastAsk]!, unfilledBid)
  const highest = Math.min(limitGweiPerWh[lastBid]!, unfilledAsk)
  return { priceGweiPerWh: lowest + Math.floor((highest - lowest) / 2), tradedWh, filledWh }
}
