import type { CustomerContext } from './context.ts'
import { TooFewTokensError } from './commit-file.ts'
import { openCurrent } from './open-current.ts'
import { mapParallel } from '../../upkeep/map-parallel.ts'

export type ExtendSummary = { readonly sets: number; readonly paidWei: bigint }

/**
 * Pays all sets of a file for so many more periods. A set may hold pieces of other files: they are paid for as well, since
 * escrow belongs to the set. Throws TooFewTokensError before anything is paid, ManifestError and errors of the chain.
 */
export async function extendFile(
  context: CustomerContext,
  options: { readonly manifest: Uint8Array; readonly periods: number; readonly signal?: AbortSignal },
): Promise<ExtendSummary> {
  const { manifest, market } = await openCurrent(context, options.manifest, options)
  const nodes = new Set(manifest.segments.flatMap(({ pieces }) => pieces.map(({ node }) => node.toLowerCase())))
  const sets = (await market.listSets()).filter(
    ({ node, state, rateWei }) => state === 'active' && rateWei > 0n && nodes.has(node.toLowerCase()),
  )
  const amountOf = (rateWei: bigint): bigint => rateWei * BigInt(options.periods)
  const paidWei = sets.reduce((sum, { rateWei }) => sum + amountOf(rateWei), 0n)
  const balanceWei = await market.balanceWei()
  if (paidWei > balanceWei) throw new TooFewTokensError(paidWei, balanceWei)
  await market.ensureAllowance(paidWei)
  await mapParallel(sets, 8, ({ node, rateWei }) => market.topUp(node, amountOf(rateWei)))
  return { sets: sets.length, paidWei }
}
