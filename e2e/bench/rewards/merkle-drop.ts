import { keccak_256 } from '@noble/hashes/sha3.js'
import type { RecomputedEpoch } from '../../../contracts/rewards/index.ts'

/** What a distributor with posted roots computes besides the amounts. */
export type MerkleDrop = { readonly root: string; readonly leaves: number; readonly seconds: number }

const leafBytes = 52
const hashBytes = 32

/**
 * Builds the tree of a cumulative Merkle drop over the same amounts, as distributors such as Uniswap's and 1inch's need it to
 * post a root: one leaf keccak(account, amount) per operator, leaves sorted, pairs hashed in rising order, an odd one
 * moved up. The amounts are handed in for free.
 */
export function buildMerkleDrop(amounts: ReadonlyMap<string, bigint>): MerkleDrop {
  const startMs = performance.now()
  const leaf = Buffer.alloc(leafBytes)
  let layer: Uint8Array[] = []
  for (const [operator, wei] of amounts) {
    leaf.write(operator.slice(2), 0, 'hex')
    leaf.write(wei.toString(16).padStart(64, '0'), 20, 'hex')
    layer.push(keccak_256(leaf))
  }
  layer.sort((left, right) => Buffer.compare(left, right))
  const leaves = layer.length
  const pair = new Uint8Array(2 * hashBytes)
  while (layer.length > 1) layer = parents(layer, pair)
  return {
    root: Buffer.from(layer[0]!).toString('hex'),
    leaves,
    seconds: (performance.now() - startMs) / 1000,
  }
}

function parents(layer: readonly Uint8Array[], pair: Uint8Array): Uint8Array[] {
  const above: Uint8Array[] = []
  for (let index = 0; index < layer.length; index += 2) {
    const [left, right] = [layer[index]!, layer[index + 1]]
    if (right === undefined) {
      above.push(left)
      continue
    }
    const [first, second] = Buffer.compare(left, right) < 0 ? [left, right] : [right, left]
    pair.set(first)
    pair.set(second, hashBytes)
    above.push(keccak_256(pair))
  }
  return above
}

/** What each operator gets over all roles. */
export function amountsOf(recomputed: RecomputedEpoch): ReadonlyMap<string, bigint> {
  const amounts = new Map<string, bigint>()
  for (const { operator, shareWei } of recomputed.shares()) {
    amounts.set(operator, (amounts.get(operator) ?? 0n) + shareWei)
  }
  return amounts
}
