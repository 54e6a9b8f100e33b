import type { CustomerContext } from './context.ts'
import { createMarket } from './create-market.ts'
import { reasonOf } from './errors.ts'
import { mapParallel } from '../../upkeep/map-parallel.ts'
import { escrowPeriodsLeft } from './store-status.ts'

export type TopUpSummary = {
  readonly topped: readonly { readonly node: string; readonly amountWei: bigint }[]
  readonly failed: readonly { readonly node: string; readonly reason: string }[]
}

/** Sets with at least this share of the target are left alone, so that not every period costs a transaction. */
const refillBelow = 0.8

/** Fills the escrow of all of this customer's sets up to `targetPeriods` (PROTOCOL 5.6). A set that fails spoils no other. */
export async function topUpDataSets(
  context: CustomerContext,
  options: { targetPeriods: number; signal?: AbortSignal },
): Promise<TopUpSummary> {
  const market = await createMarket(context)
  const due = (await market.listSets()).flatMap((set) => {
    const left = escrowPeriodsLeft(set)
    if (set.state !== 'active' || left === null || left >= options.targetPeriods * refillBelow) return []
    return [{ node: set.node, amountWei: set.rateWei * BigInt(options.targetPeriods) - set.escrowWei }]
  })
  if (due.length === 0) return { topped: [], failed: [] }
  await market.ensureAllowance(due.reduce((sum, set) => sum + set.amountWei, 0n))
  const failed: { node: string; reason: string }[] = []
  const topped = await mapParallel(due, 8, async (set) => {
    options.signal?.throwIfAborted()
    try {
      await market.topUp(set.node, set.amountWei)
      return set
    } catch (error) {
      failed.push({ node: set.node, reason: reasonOf(error) })
      return null
    }
  })
  return { topped: topped.filter((set) => set !== null), failed }
}
