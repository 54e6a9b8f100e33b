import { HearthError } from '../../api/errors.ts'
import type { Hasher } from './hasher.ts'
import { foldLevels, rowsAboveBlocks } from './piece-tree.ts'
import { blockBytes, blockHeight, leafBytes, leafCountOf, leavesPerBlock, treeHeight } from './tree-shape.ts'

/** A block read back does not hash to what was stored: a flipped bit, a torn write, a wrong file. */
export class DamagedBlockError extends HearthError {
  readonly blockIndex: number

  constructor(blockIndex: number) {
    super('DAMAGED_BLOCK', `Block ${blockIndex} of the piece no longer matches what was stored.`, {
      action: 'The disk may be failing; the piece is not served any more.',
      details: { blockIndex },
    })
    this.blockIndex = blockIndex
  }
}

/** A leaf with its siblings from the bottom up; their number is the tree's height. */
export type LeafProof = { readonly leaf: Uint8Array; readonly siblings: Uint8Array[] }

export type ProveLeafOptions = {
  /** Leaf within the piece, below its leaf count. */
  readonly leafIndex: number
  readonly lengthBytes: number
  readonly blockLayer: Uint8Array
  /** The bytes of one block of 32 KiB; the last one may be shorter. Called exactly once. */
  readBlock(blockIndex: number): Promise<Uint8Array>
  readonly hasher: Hasher
}

/**
 * Proves one leaf reading a single block of the piece.
 *
 * Throws DamagedBlockError when that block does not hash to its root in `blockLayer`, so a wrong proof never leaves.
 */
export async function proveLeaf(options: ProveLeafOptions): Promise<LeafProof> {
  const { leafIndex, lengthBytes, blockLayer, hasher } = options
  const leafCount = leafCountOf(lengthBytes)
  if (leafIndex < 0 || leafIndex >= leafCount) throw new RangeError(`Leaf ${leafIndex} of ${leafCount} does not exist.`)
  const blockIndex = Math.floor(leafIndex / leavesPerBlock)
  const block = paddedBlock(await options.readBlock(blockIndex), lengthBytes)
  const height = treeHeight(leafCount)
  const inBlock = Math.min(height, blockHeight)
  const within = siblingsWithin(block, leafIndex % leavesPerBlock, inBlock, hasher)
  if (!sameBytes(within.root, nodeAt(blockLayer, blockIndex))) throw new DamagedBlockError(blockIndex)
  const rows = rowsAboveBlocks(blockLayer, height, hasher).slice(0, height - inBlock)
  const above = rows.map((row, level) => nodeAt(row, (blockIndex >> level) ^ 1).slice())
  const start = (leafIndex % leavesPerBlock) * leafBytes
  return { leaf: block.slice(start, start + leafBytes), siblings: [...within.siblings, ...above] }
}

/** True when the leaf stands at that index under the root. The caller checks that there are as many siblings as the tree is high. */
export function verifyLeaf(
  root: Uint8Array,
  leafIndex: number,
  leaf: Uint8Array,
  siblings: readonly Uint8Array[],
  hasher: Hasher,
): boolean {
  if (leaf.length !== leafBytes || Math.floor(leafIndex / 2 ** siblings.length) !== 0) return false
  const pair = new Uint8Array(2 * leafBytes)
  const node = leaf.slice()
  let index = leafIndex
  for (const sibling of siblings) {
    if (sibling.length !== leafBytes) return false
    pair.set(node, index & 1 ? leafBytes : 0)
    pair.set(sibling, index & 1 ? 0 : leafBytes)
    hasher.hashPairs(pair, node)
    index >>>= 1
  }
  return sameBytes(node, root)
}

/** True when a block, as read from disk, hashes to its root in the block layer. */
export function verifyBlock(
  options: Pick<ProveLeafOptions, 'lengthBytes' | 'blockLayer' | 'hasher'>,
  blockIndex: number,
  bytes: Uint8Array,
): boolean {
  const levels = Math.min(treeHeight(leafCountOf(options.lengthBytes)), blockHeight)
  const block = paddedBlock(bytes, options.lengthBytes)
  const scratch = [new Uint8Array(blockBytes / 2), new Uint8Array(blockBytes / 4)] as const
  return sameBytes(
    foldLevels(block, levels, scratch, options.hasher).subarray(0, leafBytes),
    nodeAt(options.blockLayer, blockIndex),
  )
}

function siblingsWithin(block: Uint8Array, leaf: number, levels: number, hasher: Hasher) {
  const siblings: Uint8Array[] = []
  let row = block
  for (let level = 0; level < levels; level++) {
    siblings.push(nodeAt(row, (leaf >> level) ^ 1).slice())
    const above = new Uint8Array(row.length / 2)
    hasher.hashPairs(row, above)
    row = above
  }
  return { root: row.subarray(0, leafBytes), siblings }
}

function paddedBlock(bytes: Uint8Array, lengthBytes: number): Uint8Array {
  const levels = Math.min(treeHeight(leafCountOf(lengthBytes)), blockHeight)
  const size = leafBytes << levels
  if (bytes.length === size) return bytes
  const padded = new Uint8Array(size)
  padded.set(bytes.length > size ? bytes.subarray(0, size) : bytes)
  return padded
}

function nodeAt(row: Uint8Array, index: number): Uint8Array {
  return row.subarray(index * leafBytes, (index + 1) * leafBytes)
}

function sameBytes(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, index) => byte === right[index])
}
