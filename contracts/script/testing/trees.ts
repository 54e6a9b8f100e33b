import { createHash } from 'node:crypto'
import { concat, getBytes, hexlify } from 'ethers'

/** A piece as a full tree in memory: for tests and gas measurements, not for files. */
export type TestPiece = {
  readonly root: string
  readonly lengthBytes: number
  readonly leafCount: number
  /** Leaf and its siblings from the bottom up, joined. */
  prove(leaf: number): Uint8Array
}

function hashPair(left: Uint8Array, right: Uint8Array): Uint8Array {
  return createHash('sha256').update(left).update(right).digest()
}

/** Tree over real bytes, padded with zero leaves to a power of two. */
export function pieceOfBytes(bytes: Uint8Array): TestPiece {
  const leafCount = Math.ceil(bytes.length / 32)
  const padded = new Uint8Array(2 ** Math.ceil(Math.log2(leafCount)) * 32)
  padded.set(bytes)
  const levels: Uint8Array[][] = [
    Array.from({ length: padded.length / 32 }, (_unused, i) => padded.slice(i * 32, i * 32 + 32)),
  ]
  while (levels.at(-1)!.length > 1) {
    const below = levels.at(-1)!
    levels.push(Array.from({ length: below.length / 2 }, (_unused, i) => hashPair(below[2 * i]!, below[2 * i + 1]!)))
  }
  const prove = (leaf: number): Uint8Array => {
    const siblings = levels.slice(0, -1).map((level, height) => level[(leaf >> height) ^ 1]!)
    return getBytes(concat([levels[0]![leaf]!, ...siblings]))
  }
  return { root: hexlify(levels.at(-1)![0]!), lengthBytes: bytes.length, leafCount, prove }
}

/**
 * A piece of 2^height equal leaves: its proofs have the length and the bytes of a real piece's, and its root takes one
 * hash per level, so that a set of a gigabyte is made in no time.
 */
export function uniformPiece(leaf: Uint8Array, height: number): TestPiece {
  const nodes = [leaf]
  for (let i = 0; i < height; i++) nodes.push(hashPair(nodes[i]!, nodes[i]!))
  const proof = getBytes(concat([leaf, ...nodes.slice(0, height)]))
  const leafCount = 2 ** height
  return { root: hexlify(nodes[height]!), lengthBytes: leafCount * 32, leafCount, prove: () => proof }
}

/** Answers to challenges that index the leaves of all pieces in order. */
export function proveLeaves(pieces: readonly TestPiece[], leaves: readonly bigint[]): Uint8Array {
  const parts = leaves.map((leaf) => {
    let offset = Number(leaf)
    for (const piece of pieces) {
      if (offset < piece.leafCount) return piece.prove(offset)
      offset -= piece.leafCount
    }
    throw new RangeError(`Leaf ${leaf} is outside the pieces.`)
  })
  return getBytes(concat(parts))
}
