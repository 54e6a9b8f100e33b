import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hashtreeHasher } from '../customer/hashtree-hasher.ts'
import { maximumPieceBytes } from './frames.ts'
import { locateLeaf } from './locate-leaf.ts'
import { buildPieceTree, PieceTreeBuilder } from './piece-tree.ts'
import { DamagedBlockError, proveLeaf, verifyBlock, verifyLeaf } from './prove-leaf.ts'
import { blockBytes, leafCountOf, treeHeight } from './tree-shape.ts'

const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash('sha256').update(bytes).digest())

/** Second implementation: the definition of PROTOCOL 5.2 word for word, node by node. */
function plainRoot(piece: Uint8Array): Uint8Array {
  const leaves = Math.ceil(piece.length / 32)
  const width = 2 ** Math.ceil(Math.log2(leaves))
  const padded = new Uint8Array(width * 32)
  padded.set(piece)
  let row = Array.from({ length: width }, (_, index) => padded.slice(index * 32, index * 32 + 32))
  while (row.length > 1) {
    row = Array.from({ length: row.length / 2 }, (_, i) => sha256(Buffer.concat([row[2 * i]!, row[2 * i + 1]!])))
  }
  return row[0]!
}

function pieceOf(lengthBytes: number, seed = 1): Uint8Array {
  const piece = new Uint8Array(lengthBytes)
  let state = seed >>> 0 || 1
  for (let index = 0; index < lengthBytes; index++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    piece[index] = state >>> 24
  }
  return piece
}

const readFrom = (piece: Uint8Array) => async (index: number) =>
  piece.subarray(index * blockBytes, (index + 1) * blockBytes)

const lengths = [1, 31, 32, 33, 64, 65, 96, 1000, 32767, 32768, 32769, 65536, 65537, 262143, 262144, 262145, 700_001]

describe('piece tree', () => {
  it.each(lengths)('has the root of the plain definition for %i bytes', (lengthBytes) => {
    const piece = pieceOf(lengthBytes)
    const tree = buildPieceTree(piece, hashtreeHasher)
    expect(Buffer.from(tree.root).toString('hex')).toBe(Buffer.from(plainRoot(piece)).toString('hex'))
    expect(tree.leafCount).toBe(Math.ceil(lengthBytes / 32))
    expect(tree.height).toBe(Math.ceil(Math.log2(tree.leafCount)))
  })

  it('does not depend on how the bytes arrive', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 600_000 }),
        fc.array(fc.integer({ min: 1, max: 300_000 })),
        (size, cuts) => {
          const piece = pieceOf(size, size)
          const builder = new PieceTreeBuilder(hashtreeHasher)
          let offset = 0
          for (const cut of cuts) {
            builder.update(piece.subarray(offset, Math.min(size, offset + cut)))
            offset = Math.min(size, offset + cut)
          }
          builder.update(piece.subarray(offset))
          expect(builder.digest()).toEqual(buildPieceTree(piece, hashtreeHasher))
        },
      ),
      { numRuns: 40 },
    )
  })

  it('refuses a piece without bytes and one beyond the longest', () => {
    expect(() => buildPieceTree(new Uint8Array(0), hashtreeHasher)).toThrow(RangeError)
    expect(() => buildPieceTree(new Uint8Array(maximumPieceBytes + 1), hashtreeHasher)).toThrow(RangeError)
  })

  it('gives a full segment over four pieces a tree of height 19', () => {
    expect(treeHeight(leafCountOf(Math.ceil((1023 * (65536 + 16)) / 4)))).toBe(19)
  })
})

describe('leaf proofs', () => {
  it.each(lengths)(
    'verify for first, last and middle leaf of %i bytes and have the height as length',
    async (length) => {
      const piece = pieceOf(length, 7)
      const tree = buildPieceTree(piece, hashtreeHasher)
      for (const leafIndex of new Set([0, tree.leafCount - 1, tree.leafCount >> 1])) {
        const proof = await proveLeaf({ ...tree, leafIndex, readBlock: readFrom(piece), hasher: hashtreeHasher })
        expect(proof.siblings).toHaveLength(tree.height)
        expect(verifyLeaf(tree.root, leafIndex, proof.leaf, proof.siblings, hashtreeHasher)).toBe(true)
        const bent = proof.leaf.slice()
        bent[5]! ^= 1
        expect(verifyLeaf(tree.root, leafIndex, bent, proof.siblings, hashtreeHasher)).toBe(false)
        expect(verifyLeaf(tree.root, leafIndex + 2 ** tree.height, proof.leaf, proof.siblings, hashtreeHasher)).toBe(
          false,
        )
      }
    },
  )

  it('are refused when the block on disk has one flipped bit', async () => {
    const piece = pieceOf(200_000)
    const tree = buildPieceTree(piece, hashtreeHasher)
    const damaged = piece.slice()
    damaged[70_000]! ^= 4
    const options = { ...tree, leafIndex: 2100, readBlock: readFrom(damaged), hasher: hashtreeHasher }
    await expect(proveLeaf(options)).rejects.toBeInstanceOf(DamagedBlockError)
    const block = { ...tree, hasher: hashtreeHasher }
    expect(verifyBlock(block, 2, damaged.subarray(2 * blockBytes, 3 * blockBytes))).toBe(false)
    expect(verifyBlock(block, 2, piece.subarray(2 * blockBytes, 3 * blockBytes))).toBe(true)
    expect(verifyBlock(block, 6, piece.subarray(6 * blockBytes))).toBe(true)
  })

  it('do not exist for padding leaves', async () => {
    const piece = pieceOf(100)
    const tree = buildPieceTree(piece, hashtreeHasher)
    const options = { ...tree, leafIndex: 4, readBlock: readFrom(piece), hasher: hashtreeHasher }
    await expect(proveLeaf(options)).rejects.toThrow(RangeError)
  })
})

describe('locating a challenged leaf', () => {
  it('finds the piece whose span holds it', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 1, maxLength: 50 }),
        fc.nat(),
        (counts, pick) => {
          const spans = counts.map((leafCount, index) => ({
            firstLeaf: counts.slice(0, index).reduce((sum, count) => sum + count, 0),
            leafCount,
          }))
          const total = counts.reduce((sum, count) => sum + count, 0)
          const leaf = pick % total
          const found = locateLeaf(spans, BigInt(leaf))!
          expect(found.piece.firstLeaf + found.leafIndex).toBe(leaf)
          expect(found.leafIndex).toBeLessThan(found.piece.leafCount)
          expect(locateLeaf(spans, BigInt(total))).toBeNull()
        },
      ),
    )
  })
})
