import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { multiply } from './galois.ts'
import { plainKernelBase64, relaxedKernelBase64 } from './kernel-code.ts'
import { generatorMatrix, invertMatrix, multiplyMatrices } from './matrix.ts'
import { ReedSolomon, TooFewShardsError } from './reed-solomon.ts'

/** Second implementation: one table look-up per byte, no kernel. */
function plainParity(k: number, n: number, data: readonly Uint8Array[]): Uint8Array[] {
  return generatorMatrix(k, n)
    .slice(k)
    .map((row) =>
      Uint8Array.from({ length: data[0]!.length }, (_, at) =>
        row.reduce((sum, coefficient, index) => sum ^ multiply(coefficient, data[index]![at]!), 0),
      ),
    )
}

/** Third implementation of the field itself: shift and add, no tables. */
function slowMultiply(left: number, right: number): number {
  let [product, shifted] = [0, left]
  for (let bit = 0; bit < 8; bit++) {
    if (right & (1 << bit)) product ^= shifted
    shifted = (shifted << 1) ^ (shifted & 0x80 ? 0x11d : 0)
  }
  return product
}

function dataShards(k: number, lengthBytes: number, seed: number): Uint8Array[] {
  let state = seed | 1
  const next = () => (state = (Math.imul(state, 1103515245) + 12345) >>> 0) >>> 24
  return Array.from({ length: k }, () => Uint8Array.from({ length: lengthBytes }, next))
}

function encodeAll(code: ReedSolomon, data: readonly Uint8Array[]): Uint8Array[] {
  const parity = Array.from({ length: code.n - code.k }, () => new Uint8Array(data[0]!.length))
  code.encode(data, parity)
  return [...data, ...parity]
}

function* subsets(size: number, count: number, from = 0): Generator<number[]> {
  if (count === 0) return yield []
  for (let first = from; first <= size - count; first++) {
    for (const rest of subsets(size, count - 1, first + 1)) yield [first, ...rest]
  }
}

describe('GF(2^8)', () => {
  it('multiplies as shift and add does, for all pairs', () => {
    for (let left = 0; left < 256; left++) {
      for (let right = 0; right < 256; right++) expect(multiply(left, right)).toBe(slowMultiply(left, right))
    }
  })

  it('inverts every top square of the generator', () => {
    const rows = generatorMatrix(6, 20).slice(9, 15)
    const product = multiplyMatrices(rows, invertMatrix(rows))
    product.forEach((row, index) =>
      expect([...row]).toEqual(Array.from(row, (_, column) => (column === index ? 1 : 0))),
    )
  })
})

describe('Reed-Solomon', () => {
  it('gives the published vector of 5 + 5', () => {
    const data = ['0 1', '4 5', '2 3', '6 7', '8 9'].map((text) => Uint8Array.from(text.split(' '), Number))
    const all = encodeAll(new ReedSolomon(5, 10), data)
    expect(all.slice(5).map((shard) => [...shard].join(','))).toEqual(['12,13', '10,11', '14,15', '90,91', '94,95'])
  })

  it('equals plain table arithmetic for any code and length', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 16 }),
        fc.integer({ min: 1, max: 24 }),
        fc.integer({ min: 1, max: 20_000 }),
        fc.integer(),
        (k, parity, lengthBytes, seed) => {
          const data = dataShards(k, lengthBytes, seed)
          const all = encodeAll(new ReedSolomon(k, k + parity), data)
          plainParity(k, k + parity, data).forEach((row, index) => expect(all[k + index]).toEqual(row))
        },
      ),
      { numRuns: 40 },
    )
  })

  it.each([
    [1, 3],
    [2, 5],
    [3, 7],
    [4, 8],
    [4, 12],
  ])('brings %i of %i back from every possible set of survivors', (k, n) => {
    const code = new ReedSolomon(k, n)
    const data = dataShards(k, 131, 99)
    const all = encodeAll(code, data)
    for (const kept of subsets(n, k)) {
      expect(code.reconstruct(kept.map((index) => ({ index, bytes: all[index]! })))).toEqual(data)
    }
  })

  it('brings wide codes back from random survivors in any order', () => {
    const code = new ReedSolomon(16, 50)
    const data = dataShards(16, 9000, 5)
    const all = encodeAll(code, data)
    const indexes = fc.shuffledSubarray([...all.keys()], { minLength: 16, maxLength: 20 })
    fc.assert(
      fc.property(indexes, (kept) => {
        expect(code.reconstruct(kept.map((index) => ({ index, bytes: all[index]! })))).toEqual(data)
      }),
      { numRuns: 30 },
    )
  })

  it('says how many shards are missing, and refuses unequal ones', () => {
    const code = new ReedSolomon(4, 12)
    const bytes = new Uint8Array(8)
    const two = [1, 5, 5].map((index) => ({ index, bytes }))
    expect(() => code.reconstruct(two)).toThrow(TooFewShardsError)
    expect(() => code.encode([bytes, bytes, bytes, new Uint8Array(9)], Array(8).fill(bytes))).toThrow(RangeError)
    expect(() => new ReedSolomon(200, 300)).toThrow(RangeError)
  })
})

describe('the committed kernel', () => {
  it('is what its source compiles to', async () => {
    const { generateKernelCode } = (await import('./build-kernel.mjs')) as { generateKernelCode(): Promise<string> }
    const code = (await generateKernelCode()).replace(/' \+\n\s*'/g, '')
    expect(code).toContain(`'${relaxedKernelBase64}'`)
    expect(code).toContain(`'${plainKernelBase64}'`)
  })
})
