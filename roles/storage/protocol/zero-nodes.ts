import type { Hasher } from './hasher.ts'
import { leafBytes } from './tree-shape.ts'

/**
 * Roots of subtrees that hold nothing but zero leaves: element h is the root of 2^h of them.
 *
 * @param height the highest subtree that is needed
 */
export function zeroNodes(height: number, hasher: Hasher): readonly Uint8Array[] {
  const nodes: Uint8Array[] = [new Uint8Array(leafBytes)]
  const pair = new Uint8Array(2 * leafBytes)
  while (nodes.length <= height) {
    const below = nodes[nodes.length - 1]!
    pair.set(below, 0)
    pair.set(below, leafBytes)
    const node = new Uint8Array(leafBytes)
    hasher.hashPairs(pair, node)
    nodes.push(node)
  }
  return nodes
}
