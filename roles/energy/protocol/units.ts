/**
 * Prices are whole gwei (1e9 wei) per watt-hour, that is, millionths of a token per kWh: fine enough for a hundredth of a cent, and
 * up to 4,294 tokens per kWh in 32 bits. Energy is whole watt-hours. So every amount is a product of integers and no money is ever rounded.
 */
export const weiPerGwei = 1_000_000_000n

/** Most that a price or a quantity of one order may be: what fits a `uint32` on chain. */
export const largestUint32 = 0xffff_ffff

/** Prices that the admitter of a community sets a day ahead; every trade lies between them (PROTOCOL 7.5). */
export type Tariff = {
  /** What a member pays the supplier per Wh. */
  readonly retailGweiPerWh: number
  /** What the grid pays a member per Wh fed in. */
  readonly feedInGweiPerWh: number
}

/** An amount of money for an amount of energy. Both whole; exact. */
export function weiOf(priceGweiPerWh: number, wattHours: number): bigint {
  return BigInt(priceGweiPerWh) * BigInt(wattHours) * weiPerGwei
}

/** True for a tariff that can bound a market: whole prices with feed-in at most retail. */
export function isTariff({ retailGweiPerWh, feedInGweiPerWh }: Tariff): boolean {
  return isUint32(retailGweiPerWh) && isUint32(feedInGweiPerWh) && feedInGweiPerWh <= retailGweiPerWh
}

/** True for a whole number from 0 to 4,294,967,295. */
export function isUint32(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= largestUint32
}
