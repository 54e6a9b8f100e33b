import { keccak_256 } from '@noble/hashes/sha3.js'
import { bytesOfSums, countCells, cutCell } from './cells.ts'
import type { RenderUnit } from './render-job.ts'

/** A Merkle tree over the cells of one unit. */
export type ResultTree = {
  readonly root: Uint8Array
  readonly leafCount: number
  /** Of each cell in order; the tree follows from them. */
  readonly cellHashes: readonly Uint8Array[]
  /** Siblings of a leaf from the bottom up; a level in which its node has no neighbour gives none. */
  prove(index: number): Uint8Array[]
}

/** In front of a cell, so that no cell can pass for an inner node. */
const leafTag = 0
/** In front of two nodes. */
const innerTag = 1

/** keccak256 of a cell's bytes, plain or encrypted. */
export function hashCell(bytes: Uint8Array): Uint8Array {
  return keccak_256(bytes)
}

/**
 * The leaf of a cell whose bytes have this hash: keccak256(0x00, number as four bytes big endian, hash). Its number is in it, so that one cell
 * cannot stand in for another, also where the bytes are not at hand.
 */
function leafOf(index: number, cellHash: Uint8Array): Uint8Array {
  const tagged = new Uint8Array(37)
  tagged[0] = leafTag
  new DataView(tagged.buffer).setUint32(1, index)
  tagged.set(cellHash, 5)
  return keccak_256(tagged)
}

/** keccak256(0x01, lower, higher): the order by size saves a proof its directions, as the contract has it. */
function hashPair(one: Uint8Array, other: Uint8Array): Uint8Array {
  const [lower, higher] = isBelow(one, other) ? [one, other] : [other, one]
  const tagged = new Uint8Array(65)
  tagged[0] = innerTag
  tagged.set(lower, 1)
  tagged.set(higher, 33)
  return keccak_256(tagged)
}

function isBelow(one: Uint8Array, other: Uint8Array): boolean {
  for (let at = 0; at < one.length; at++) if (one[at] !== other[at]) return one[at]! < other[at]!
  return false
}

/** Tree over the hashes of cells in their order; a node without a neighbour rises as it is. Throws RangeError without any. */
export function buildResultTree(cellHashes: readonly Uint8Array[]): ResultTree {
  const leaves = cellHashes.map((hash, index) => leafOf(index, hash))
  if (leaves.length === 0) throw new RangeError('A tree needs at least one cell.')
  const levels: (readonly Uint8Array[])[] = [leaves]
  while (levels.at(-1)!.length > 1) {
    const below = levels.at(-1)!
    const level = Array.from({ length: Math.ceil(below.length / 2) }, (_unused, index) => {
      const [left, right] = [below[2 * index]!, below[2 * index + 1]]
      return right === undefined ? left : hashPair(left, right)
    })
    levels.push(level)
  }
  return {
    root: levels.at(-1)![0]!,
    leafCount: leaves.length,
    cellHashes,
    prove(index) {
      if (index < 0 || index >= leaves.length) throw new RangeError(`There is no cell ${index}.`)
      return levels.slice(0, -1).flatMap((level, height) => level[(index >> height) ^ 1] ?? [])
    },
  }
}

/** Whether `bytes` are cell `index` of a tree of `leafCount` cells below `root`; a proof of another length than that place has is none. */
export function verifyCell(o: {
  root: Uint8Array
  leafCount: number
  index: number
  bytes: Uint8Array
  proof: readonly Uint8Array[]
}): boolean {
  if (o.index < 0 || o.index >= o.leafCount) return false
  if (o.proof.length !== siblingsOf(o.index, o.leafCount) || o.proof.some((sibling) => sibling.length !== 32))
    return false
  return sameBytes(o.proof.reduce(hashPair, leafOf(o.index, hashCell(o.bytes))), o.root)
}

/** How many levels give a leaf a neighbour. */
function siblingsOf(leaf: number, leafCount: number): number {
  let count = 0
  for (let [width, index] = [leafCount, leaf]; width > 1; width = Math.ceil(width / 2), index >>= 1) {
    if ((index ^ 1) < width) count++
  }
  return count
}

/** Tree over cells that are given as bytes, in order. */
export function treeOfCells(cells: readonly Uint8Array[]): ResultTree {
  return buildResultTree(cells.map(hashCell))
}

/** The cells of a unit's sums as bytes, in order. */
export function cellsOfSums(sums: Float32Array, unit: Pick<RenderUnit, 'width' | 'height'>): Uint8Array[] {
  return Array.from({ length: countCells(unit) }, (_unused, index) => bytesOfSums(cutCell(sums, unit, index)))
}

/** Whether two byte strings are the same. */
export function sameBytes(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, index) => byte === right[index])
}
