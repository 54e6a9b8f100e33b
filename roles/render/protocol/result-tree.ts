import { keccak_256 } from '@noble/hashes/sha3.js'
import { bytesOfSums, countCells, cutCell } from './cells.ts'
import type { RenderUnit } from './render-job.ts'

/** A Merkle tree over the cells of one unit. */
export type ResultTree = {
  readonly root: Uint8Array
  readonly leafCount: number
  readonly leaves: readonly Uint8Array[]
  /** Siblings of a leaf from the bottom up; a level in which its node has no neighbour gives none. */
  prove(index: number): Uint8Array[]
}

/** In front of a cell's bytes, so that no cell can pass for an inner node. */
const leafTag = 0
/** In front of two nodes. */
const innerTag = 1

/** The leaf of a cell's bytes (plain or encrypted): keccak256(0x00, bytes). */
export function hashCell(bytes: Uint8Array): Uint8Array {
  const tagged = new Uint8Array(bytes.length + 1)
  tagged[0] = leafTag
  tagged.set(bytes, 1)
  return keccak_256(tagged)
}

/** keccak256(0x01, left, right). */
function hashPair(left: Uint8Array, right: Uint8Array): Uint8Array {
  const tagged = new Uint8Array(65)
  tagged[0] = innerTag
  tagged.set(left, 1)
  tagged.set(right, 33)
  return keccak_256(tagged)
}

/** Tree over leaves in their order; a node without a neighbour rises as it is. Throws RangeError without leaves. */
export function buildResultTree(leaves: readonly Uint8Array[]): ResultTree {
  if (leaves.length === 0) throw new RangeError('A tree needs at least one cell.')
  const levels: (readonly Uint8Array[])[] = [leaves]
  for (let level = leaves; level.length > 1; levels.push(level)) {
    const below = level
    level = Array.from({ length: Math.ceil(below.length / 2) }, (_unused, index) => {
      const [left, right] = [below[2 * index]!, below[2 * index + 1]]
      return right === undefined ? left : hashPair(left, right)
    })
  }
  return {
    root: levels.at(-1)![0]!,
    leafCount: leaves.length,
    leaves,
    prove(index) {
      if (index < 0 || index >= leaves.length) throw new RangeError(`There is no cell ${index}.`)
      return levels.slice(0, -1).flatMap((level, height) => level[(index >> height) ^ 1] ?? [])
    },
  }
}

/** Whether `leaf` is number `index` of `leafCount` below `root`. The shape is fixed by the count, so no proof is read in two ways. */
export function verifyCell(o: {
  root: Uint8Array
  leafCount: number
  index: number
  leaf: Uint8Array
  proof: readonly Uint8Array[]
}): boolean {
  if (o.index < 0 || o.index >= o.leafCount) return false
  let [node, index, used] = [o.leaf, o.index, 0]
  for (let width = o.leafCount; width > 1; width = Math.ceil(width / 2), index >>= 1) {
    if ((index ^ 1) >= width) continue
    const sibling = o.proof[used++]
    if (sibling?.length !== 32) return false
    node = index % 2 === 0 ? hashPair(node, sibling) : hashPair(sibling, node)
  }
  return used === o.proof.length && sameBytes(node, o.root)
}

/** The cells of a unit's sums as bytes, in order. */
export function cellsOfSums(sums: Float32Array, unit: Pick<RenderUnit, 'width' | 'height'>): Uint8Array[] {
  return Array.from({ length: countCells(unit) }, (_unused, index) => bytesOfSums(cutCell(sums, unit, index)))
}

/** Whether two byte strings are the same. */
export function sameBytes(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, index) => byte === right[index])
}
