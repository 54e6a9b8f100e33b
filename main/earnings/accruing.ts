import { burnDivisor } from '../../contracts/script/parameters.ts'
import type { DataSetView } from '../../contracts/client/index.ts'

/**
 * What is on its way to the operator and not yet booked: vouchers that were not redeemed, and this period's pay of every
 * data set whose proof is still to come. Net of the burn, rounded down, hence never more than what will be paid.
 */
export function accruingWei(o: {
  readonly unredeemedWei: bigint
  readonly dataSets: readonly Pick<
    DataSetView,
    'frozenPricePerPeriodWei' | 'escrowWei' | 'frozenLeafCount' | 'lastProvenPeriod' | 'ended'
  >[]
  readonly currentPeriod: number
}): bigint {
  const open = o.dataSets.filter(
    (set) => !set.ended && set.frozenLeafCount > 0 && (set.lastProvenPeriod ?? -1) < o.currentPeriod,
  )
  const gross = open.reduce((sum, set) => sum + smaller(set.frozenPricePerPeriodWei, set.escrowWei), o.unredeemedWei)
  return gross - (gross + burnDivisor - 1n) / burnDivisor
}

function smaller(left: bigint, right: bigint): bigint {
  return left < right ? left : right
}
