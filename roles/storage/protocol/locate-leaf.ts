/** Where a piece's leaves lie among all leaves of its data set, as the chain numbers them. */
export type LeafSpan = { readonly firstLeaf: number | bigint; readonly leafCount: number | bigint }

/**
 * The piece that a challenged leaf of a data set falls into, and the leaf within that piece.
 *
 * `spans` is sorted by `firstLeaf` (the order of addition). Returns null for a leaf in no span, which a
 * provider sees only when its copy of the set is older than the chain.
 */
export function locateLeaf<T extends LeafSpan>(
  spans: readonly T[],
  leaf: bigint,
): { readonly piece: T; readonly leafIndex: number } | null {
  let low = 0
  let high = spans.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (BigInt(spans[middle]!.firstLeaf) <= leaf) low = middle + 1
    else high = middle
  }
  const piece = spans[low - 1]
  if (!piece) return null
  const leafIndex = leaf - BigInt(piece.firstLeaf)
  return leafIndex < BigInt(piece.leafCount) ? { piece, leafIndex: Number(leafIndex) } : null
}
