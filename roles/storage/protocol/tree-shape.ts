import { maximumPieceBytes } from './frames.ts'

/** Bytes of a leaf and of every node above it (PROTOCOL 5.2). */
export const leafBytes = 32

/** The provider keeps the layer above these blocks and rehashes only one of them to answer a challenge. */
export const blockBytes = 32 * 1024

/** Leaves under one block. */
export const leavesPerBlock = blockBytes / leafBytes

/** Levels between the leaves and a block's root. */
export const blockHeight = 10

/** Number of leaves that carry data; padding leaves beyond them are never challenged. */
export function leafCountOf(lengthBytes: number): number {
  if (!Number.isSafeInteger(lengthBytes) || lengthBytes <= 0 || lengthBytes > maximumPieceBytes) {
    throw new RangeError(`A piece has 1 to ${maximumPieceBytes} bytes, not ${lengthBytes}.`)
  }
  return Math.ceil(lengthBytes / leafBytes)
}

/** Levels above the leaves: the number of siblings in every proof of a piece with that many leaves. */
export function treeHeight(leafCount: number): number {
  return leafCount <= 1 ? 0 : 32 - Math.clz32(leafCount - 1)
}
