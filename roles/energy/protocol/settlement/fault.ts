import type { EnergyOrder, OrderReceipt, SlotReading } from '../typed-data.ts'
import type { Tariff } from '../units.ts'
import type { LeafRef } from './day-record.ts'

/** What a settler can be caught at; each names what EnergyMarket looks at (README, "Challenges"). */
export type FaultKind =
  | 'orderLeftOut'
  | 'betterOrderUnfilled'
  | 'fillOutsideLimit'
  | 'unfairAtTheMargin'
  | 'lineDiffersFromOrder'
  | 'bookOutOfOrder'
  | 'slotSumsDiffer'
  | 'amountDiffers'
  | 'readingDiffers'
  | 'nodeSumsDiffer'
  | 'postedSumDiffers'

/** One wrong. */
export type Fault = {
  readonly kind: FaultKind
  /** What is wrong, for a person. */
  readonly sentence: string
  /** The leaves whose openings prove it, in the order in which the challenge takes them; none where it is about a leaf that is not there. */
  readonly leaves: readonly LeafRef[]
  /** The signed or revealed thing that contradicts them, where there is one. */
  readonly against?:
    | { readonly kind: 'receipt'; readonly receipt: OrderReceipt; readonly signature: string }
    | { readonly kind: 'order'; readonly order: EnergyOrder }
    | { readonly kind: 'reading'; readonly reading: SlotReading }
}

/** A reading with its hash, as its node signed it. */
export type HashedReading = { readonly reading: SlotReading; readonly hash: string }

/** What a checker holds itself. */
export type Evidence = {
  readonly tariff: Tariff
  readonly receipts: readonly { readonly receipt: OrderReceipt; readonly signature: string }[]
  readonly orders: readonly { readonly order: EnergyOrder; readonly orderHash: string }[]
  readonly readings: readonly HashedReading[]
  /** As the chain has them; null before the day was posted. */
  readonly postedNets: readonly { readonly node: string; readonly netWei: bigint }[] | null
}

export function header(index: number): LeafRef {
  return { list: 'header', index }
}

export function entry(index: number): LeafRef {
  return { list: 'entry', index }
}

export function total(index: number): LeafRef {
  return { list: 'total', index }
}
