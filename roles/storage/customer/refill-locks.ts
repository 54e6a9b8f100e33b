import type { Log } from '../../api/values.ts'
import { creditBytes } from '../../vouchers/index.ts'
import type { CodedFile } from '../protocol/manifest.ts'
import { pieceLength, segmentSpan } from '../protocol/segments.ts'
import type { Market } from './market.ts'
import { mapParallel } from '../../upkeep/map-parallel.ts'
import { retrievalCostRoundedUp } from './plan-deposit.ts'

export type LockFacts = {
  /** Locked and not thawing. */
  readonly availableWei: bigint
  readonly redeemedWei: bigint
  /** Signed to this node on all lanes, ever. */
  readonly issuedWei: bigint
  /** What this retrieval may cost at this node. */
  readonly neededWei: bigint
}

/** What to add to a lock: nothing while it covers the retrieval beside all open vouchers, else enough for two of them. */
export function planRefill(facts: LockFacts): bigint {
  const open = facts.issuedWei > facts.redeemedWei ? facts.issuedWei - facts.redeemedWei : 0n
  const free = facts.availableWei - open
  return free >= facts.neededWei ? 0n : 2n * facts.neededWei - free
}

/**
 * Sees that every node of a file can be paid for it, in one transaction, or in none when the put's own locks still do. Returns
 * the nodes whose lock covers it, in lower case: one that takes no voucher then refuses.
 *
 * A customer without tokens goes on with what is locked: some nodes may still be payable.
 */
export async function refillLocks(
  market: Market,
  manifest: CodedFile,
  prices: ReadonlyMap<string, bigint>,
  options: { issuedWei(node: string): bigint; log: Log },
): Promise<ReadonlySet<string>> {
  const needed = neededByNode(manifest, prices)
  const plans = await mapParallel([...needed], 16, async ([node, neededWei]) => {
    const lock = await market.readLock(node)
    return [node, planRefill({ ...lock, neededWei, issuedWei: options.issuedWei(node) })] as const
  })
  const refills = new Map(plans.filter(([, amountWei]) => amountWei > 0n))
  const covered = (payable: typeof plans) => new Set(payable.map(([node]) => node.toLowerCase()))
  if (refills.size === 0) return covered(plans)
  const totalWei = [...refills.values()].reduce((sum, amountWei) => sum + amountWei, 0n)
  const balanceWei = await market.balanceWei()
  if (balanceWei < totalWei) {
    const amounts = { totalWei: totalWei.toString(), balanceWei: balanceWei.toString() }
    options.log.warn('Too few tokens to lock for retrieval; nodes may refuse to serve.', amounts)
    return covered(plans.filter(([node]) => !refills.has(node)))
  }
  await market.ensureAllowance(totalWei)
  await market.lock(refills)
  return covered(plans)
}

/** What the file costs at each node, and what a node may have served on trust before, which it asks for with the next range. */
export function neededByNode(manifest: CodedFile, prices: ReadonlyMap<string, bigint>): Map<string, bigint> {
  const needed = new Map([...prices].map(([node, price]) => [node, retrievalCostRoundedUp(creditBytes, price)]))
  for (const [index, segment] of manifest.segments.entries()) {
    const lengthBytes = pieceLength(segmentSpan(manifest.bytes, index).plainBytes, manifest.k)
    for (const { node } of segment.pieces) {
      needed.set(node, (needed.get(node) ?? 0n) + retrievalCostRoundedUp(lengthBytes, prices.get(node) ?? 0n))
    }
  }
  return needed
}
