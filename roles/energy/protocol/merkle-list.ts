import { keccak_256 } from '@noble/hashes/sha3.js'
import { compareBytes } from './words.ts'

/**
 * A Merkle tree over a list in its order: inner node = keccak256(left, right), a node without a neighbour rises as it is. A proof holds
 * the siblings from the bottom up, and which side each stands on follows from index and count; so a proof shows the *place* of a leaf,
 * and two neighbours show that nothing lies between them. Leaves hash three words or more, so none can pass for an inner node.
 */
export type MerkleList = {
  /** Zeros for an empty list. */
  readonly root: Uint8Array
  readonly count: number
  prove(index: number): Uint8Array[]
}

const emptyRoot = new Uint8Array(32)

/** Builds the tree over leaves of 32 bytes. */
export function buildMerkleList(leaves: readonly Uint8Array[]): MerkleList {
  const levels: (readonly Uint8Array[])[] = [leaves]
  while (levels.at(-1)!.length > 1) levels.push(pairUp(levels.at(-1)!))
  return {
    root: levels.at(-1)![0] ?? emptyRoot,
    count: leaves.length,
    prove(index) {
      if (!Number.isInteger(index) || index < 0 || index >= leaves.length)
        throw new RangeError(`A list of ${leaves.length} has no leaf ${index}.`)
      return levels.slice(0, -1).flatMap((level, height) => level[(index >> height) ^ 1] ?? [])
    },
  }
}

/** A leaf, its place and the siblings on its way up. */
export type Place = {
  readonly count: number
  readonly index: number
  readonly leaf: Uint8Array
  readonly proof: readonly Uint8Array[]
}

/** The root that a leaf at its place leads to; null for a proof that is longer or shorter than needed, or a place that does not exist. */
export function rootAbove({ count, index: place, leaf, proof }: Place): Uint8Array | null {
  if (place < 0 || place >= count || proof.some((sibling) => sibling.length !== 32)) return null
  let [node, used] = [leaf, 0]
  for (let [width, index] = [count, place]; width > 1; width = Math.ceil(width / 2), index >>= 1) {
    if ((index ^ 1) >= width) continue
    const sibling = proof[used++]
    if (sibling === undefined) return null
    node = index % 2 === 0 ? hashPair(node, sibling) : hashPair(sibling, node)
  }
  return used === proof.length ? node : null
}

/** True when `leaf` stands at `index` of a list of `count` with this root. */
export function standsInList({ root, ...place }: Place & { readonly root: Uint8Array }): boolean {
  const found = rootAbove(place)
  return found !== null && compareBytes(found, root) === 0
}

function pairUp(level: readonly Uint8Array[]): Uint8Array[] {
  return Array.from({ length: Math.ceil(level.length / 2) }, (_, at) => {
    const right = level[2 * at + 1]
    return right === undefined ? level[2 * at]! : hashPair(level[2 * at]!, right)
  })
}

function hashPair(left: Uint8Array, right: Uint8Array): Uint8Array {
  const both = new Uint8Array(64)
  both.set(left)
  both.set(right, 32)
  return keccak_256(both)
}
