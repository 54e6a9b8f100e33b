import type { Hasher } from './hasher.ts'
import { maximumPieceBytes } from './frames.ts'
import { blockBytes, blockHeight, leafBytes, leafCountOf, leavesPerBlock, treeHeight } from './tree-shape.ts'
import { zeroNodes } from './zero-nodes.ts'

/**
 * What a piece commits to: SHA-256 over pairs, leaves of 32 bytes, the last zero-padded, zero leaves up to a power of two.
 *
 * `blockLayer` are the roots of its blocks of 32 KiB, one after the other; of a piece of at most one block it is the root.
 */
export type PieceTree = {
  readonly root: Uint8Array
  readonly lengthBytes: number
  readonly leafCount: number
  readonly height: number
  readonly blockLayer: Uint8Array
}

/** Bytes hashed together: eight blocks fill the lanes of the native hasher and stay in the second-level cache. */
const batchBytes = 8 * blockBytes

/** The commitment of a piece that is in memory. */
export function buildPieceTree(piece: Uint8Array, hasher: Hasher): PieceTree {
  const builder = new PieceTreeBuilder(hasher)
  builder.update(piece)
  return builder.digest()
}

/** Computes a piece's tree while its bytes pass by, in constant memory but for the block layer (1 KiB per MiB). */
export class PieceTreeBuilder {
  readonly #hasher: Hasher
  readonly #pending = new Uint8Array(batchBytes)
  readonly #scratch = [new Uint8Array(batchBytes / 2), new Uint8Array(batchBytes / 4)] as const
  #pendingBytes = 0
  #lengthBytes = 0
  #layer = new Uint8Array(64 * leafBytes)
  #layerBytes = 0

  constructor(hasher: Hasher) {
    this.#hasher = hasher
  }

  /** Takes the next bytes of the piece. Throws RangeError beyond the longest piece. */
  update(chunk: Uint8Array): void {
    this.#lengthBytes += chunk.length
    if (this.#lengthBytes > maximumPieceBytes) leafCountOf(this.#lengthBytes)
    let offset = 0
    while (offset < chunk.length) {
      if (this.#pendingBytes === 0 && chunk.length - offset >= batchBytes) {
        this.#addBlocks(chunk.subarray(offset, offset + batchBytes))
        offset += batchBytes
        continue
      }
      const taken = Math.min(batchBytes - this.#pendingBytes, chunk.length - offset)
      this.#pending.set(chunk.subarray(offset, offset + taken), this.#pendingBytes)
      this.#pendingBytes += taken
      offset += taken
      if (this.#pendingBytes === batchBytes) {
        this.#addBlocks(this.#pending)
        this.#pendingBytes = 0
      }
    }
  }

  /** The finished tree; the builder must not be used afterwards. Throws RangeError for a piece without bytes. */
  digest(): PieceTree {
    const leafCount = leafCountOf(this.#lengthBytes)
    const height = treeHeight(leafCount)
    const shape = { lengthBytes: this.#lengthBytes, leafCount, height }
    if (height < blockHeight) {
      const root = this.#foldPending(leafBytes << height, height)
      return { ...shape, root, blockLayer: root.slice() }
    }
    if (this.#pendingBytes > 0) {
      const padded = Math.ceil(this.#pendingBytes / blockBytes) * blockBytes
      this.#pending.fill(0, this.#pendingBytes, padded)
      this.#addBlocks(this.#pending.subarray(0, padded))
    }
    const blockLayer = this.#layer.slice(0, this.#layerBytes)
    return { ...shape, root: rootOfBlockLayer(blockLayer, height, this.#hasher), blockLayer }
  }

  #foldPending(paddedBytes: number, levels: number): Uint8Array {
    this.#pending.fill(0, this.#pendingBytes, paddedBytes)
    return foldLevels(this.#pending.subarray(0, paddedBytes), levels, this.#scratch, this.#hasher).slice()
  }

  #addBlocks(blocks: Uint8Array): void {
    const roots = foldLevels(blocks, blockHeight, this.#scratch, this.#hasher)
    if (this.#layerBytes + roots.length > this.#layer.length) {
      const grown = new Uint8Array(2 * this.#layer.length)
      grown.set(this.#layer)
      this.#layer = grown
    }
    this.#layer.set(roots, this.#layerBytes)
    this.#layerBytes += roots.length
  }
}

/** Hashes a row of nodes upwards by `levels`; the result lies in one of the scratch buffers. */
export function foldLevels(
  nodes: Uint8Array,
  levels: number,
  scratch: readonly [Uint8Array, Uint8Array],
  hasher: Hasher,
): Uint8Array {
  let row = nodes
  for (let level = 0; level < levels; level++) {
    const above = scratch[(level & 1) as 0 | 1].subarray(0, row.length / 2)
    hasher.hashPairs(row, above)
    row = above
  }
  return row
}

/** The rows from the block layer up to the root, each completed to even length with roots of zero leaves. */
export function rowsAboveBlocks(blockLayer: Uint8Array, height: number, hasher: Hasher): Uint8Array[] {
  if (height <= blockHeight) return [blockLayer]
  const zeros = zeroNodes(height, hasher)
  const rows: Uint8Array[] = []
  let row = blockLayer
  for (let level = blockHeight; level < height; level++) {
    const padded = evenRow(row, zeros[level]!)
    rows.push(padded)
    row = new Uint8Array(padded.length / 2)
    hasher.hashPairs(padded, row)
  }
  return [...rows, row]
}

/** The root above a block layer. Lets a provider check the layer that it kept against the root on chain. */
export function rootOfBlockLayer(blockLayer: Uint8Array, height: number, hasher: Hasher): Uint8Array {
  return rowsAboveBlocks(blockLayer, height, hasher).at(-1)!.slice(0, leafBytes)
}

/** Number of blocks of a piece: the length of its block layer in nodes. */
export function blockCountOf(lengthBytes: number): number {
  return Math.ceil(leafCountOf(lengthBytes) / leavesPerBlock)
}

function evenRow(row: Uint8Array, zero: Uint8Array): Uint8Array {
  if ((row.length / leafBytes) % 2 === 0) return row
  const padded = new Uint8Array(row.length + leafBytes)
  padded.set(row)
  padded.set(zero, row.length)
  return padded
}
