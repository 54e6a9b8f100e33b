import fc from 'fast-check'
import { keccak256, solidityPacked } from 'ethers'
import { describe, expect, it } from 'vitest'
import { bytesOfSums, cellRectangle, countCells, cutCell, pasteCell, sumsOfBytes } from './cells.ts'
import { applyKeystream } from './keystream.ts'
import { buildResultTree, cellsOfSums, hashCell, treeOfCells, verifyCell } from './result-tree.ts'
import { openCiphertext, sealResult, splitCiphertext } from './seal-result.ts'

const sizes = fc.record({ width: fc.integer({ min: 1, max: 70 }), height: fc.integer({ min: 1, max: 70 }) })
const key32 = fc.uint8Array({ minLength: 32, maxLength: 32 })
const hex = (bytes: Uint8Array): string => `0x${Buffer.from(bytes).toString('hex')}`

function sumsOf({ width, height }: { width: number; height: number }): Float32Array {
  return Float32Array.from({ length: width * height * 3 }, (_unused, index) => Math.sin(index) * 1000)
}

describe('cells', () => {
  it('hold every pixel of a unit once, and can be put together again', () => {
    fc.assert(
      fc.property(sizes, (size) => {
        const [sums, again] = [sumsOf(size), new Float32Array(size.width * size.height * 3).fill(NaN)]
        let pixels = 0
        for (let index = 0; index < countCells(size); index++) {
          const { width, height } = cellRectangle(size, index)
          pixels += width * height
          pasteCell(again, size, index, sumsOfBytes(bytesOfSums(cutCell(sums, size, index))))
        }
        expect(pixels).toBe(size.width * size.height)
        expect(again).toEqual(sums)
      }),
    )
  })

  it('are little endian on every computer', () => {
    expect([...bytesOfSums(Float32Array.of(1))]).toEqual([0, 0, 0x80, 0x3f])
  })
})

describe('the tree of a result', () => {
  it('proves each of its cells at its own place and nowhere else', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.nat(), fc.nat(), (count, some, other) => {
        const cells = Array.from({ length: count }, (_unused, index) => Uint8Array.of(index, 7))
        const tree = treeOfCells(cells)
        const [index, elsewhere] = [some % count, other % count]
        const shown = { root: tree.root, leafCount: count, index, bytes: cells[index]!, proof: tree.prove(index) }
        expect(verifyCell(shown)).toBe(true)
        expect(verifyCell({ ...shown, bytes: Uint8Array.of(index, 8) })).toBe(false)
        expect(verifyCell({ ...shown, index: elsewhere })).toBe(elsewhere === index)
        expect(verifyCell({ ...shown, proof: [...shown.proof, new Uint8Array(32)] })).toBe(false)
        expect(verifyCell({ ...shown, index: count })).toBe(false)
      }),
    )
  })

  it('is the one that the contract describes', () => {
    const cells = [1, 2, 3].map((value) => Uint8Array.of(value))
    const leaf = (index: number): string =>
      keccak256(solidityPacked(['bytes1', 'uint32', 'bytes32'], ['0x00', index, keccak256(cells[index]!)]))
    const pair = (a: string, b: string): string =>
      keccak256(solidityPacked(['bytes1', 'bytes32', 'bytes32'], ['0x01', ...(a < b ? [a, b] : [b, a])]))
    expect(hex(treeOfCells(cells).root)).toBe(pair(pair(leaf(0), leaf(1)), leaf(2)))
  })

  it('6.3 two cells cannot be passed off as an inner node, nor an inner node as a cell', () => {
    const cells = [Uint8Array.of(1), Uint8Array.of(2)]
    const tree = treeOfCells(cells)
    const inside = new Uint8Array([...hashCell(cells[0]!), ...hashCell(cells[1]!)])
    expect(verifyCell({ root: tree.root, leafCount: 1, index: 0, bytes: inside, proof: [] })).toBe(false)
    expect(() => buildResultTree([])).toThrow(RangeError)
  })
})

describe('the key stream', () => {
  it('hides, shows again, and is the one that the contract can compute', () => {
    fc.assert(
      fc.property(key32, fc.nat(5000), fc.uint8Array({ minLength: 1, maxLength: 200 }), (key, cell, bytes) => {
        const hidden = applyKeystream(key, cell, bytes)
        expect(applyKeystream(key, cell, hidden)).toEqual(bytes)
        const words = Array.from({ length: Math.ceil(bytes.length / 32) }, (_unused, word) =>
          keccak256(solidityPacked(['bytes32', 'uint32', 'uint32'], [hex(key), cell, word])).slice(2),
        ).join('')
        const pad = Buffer.from(words, 'hex')
        expect(hidden).toEqual(bytes.map((byte, index) => byte ^ pad[index]!))
      }),
    )
  })
})

describe('a sealed result', () => {
  it('opens with its key to the very sums, whatever the size', () => {
    fc.assert(
      fc.property(sizes, key32, (size, key) => {
        const sums = sumsOf(size)
        const sealed = sealResult(sums, size, key)
        const hidden = splitCiphertext(sealed.ciphertext, size)
        expect(treeOfCells(hidden).root).toEqual(sealed.cipher.root)
        expect(openCiphertext(hidden, key, sealed.result.cellHashes)).toEqual({
          kind: 'opened',
          cells: cellsOfSums(sums, size),
        })
      }),
      { numRuns: 30 },
    )
  })

  it('6.5 a key that does not open what was committed to is told by the cell that proves it', () => {
    const size = { width: 40, height: 20 }
    const sealed = sealResult(sumsOf(size), size, new Uint8Array(32).fill(1))
    const hidden = splitCiphertext(sealed.ciphertext, size)
    expect(openCiphertext(hidden, new Uint8Array(32).fill(2), sealed.result.cellHashes)).toEqual({
      kind: 'badKey',
      cell: 0,
    })
    hidden[3]![5]! ^= 1
    expect(openCiphertext(hidden, new Uint8Array(32).fill(1), sealed.result.cellHashes)).toEqual({
      kind: 'badKey',
      cell: 3,
    })
    expect(() => splitCiphertext(sealed.ciphertext.subarray(1), size)).toThrow(RangeError)
  })
})
