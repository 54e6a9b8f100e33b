import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { joinParts, locateRange } from './locate-range.ts'
import { chunkBytes, pieceLength, sealedChunkBytes, sealedLength } from './segments.ts'

const range = fc
  .record({
    plainBytes: fc.integer({ min: 1, max: 3_000_000 }),
    k: fc.constantFrom(1, 4, 8, 16),
    a: fc.nat(),
    b: fc.nat(),
  })
  .map(({ plainBytes, k, a, b }) => {
    const [from, last] = [a % plainBytes, b % plainBytes].sort((left, right) => left - right) as [number, number]
    return { plainBytes, k, from, to: last + 1 }
  })

describe('locating bytes of a segment', () => {
  it('finds whole chunks around them, and parts that put exactly those together', () => {
    fc.assert(
      fc.property(range, ({ plainBytes, k, from, to }) => {
        const sealed = Uint8Array.from(
          { length: sealedLength(plainBytes) },
          (_, index) => (index * 31 + (index >> 8)) & 255,
        )
        const pieceBytes = pieceLength(plainBytes, k)
        const padded = new Uint8Array(k * pieceBytes)
        padded.set(sealed)
        const located = locateRange(plainBytes, k, from, to)
        expect(located.firstChunk * chunkBytes).toBeLessThanOrEqual(from)
        expect((located.lastChunk + 1) * chunkBytes).toBeGreaterThanOrEqual(to)
        const bytes = located.parts.map((part) =>
          padded.subarray(part.shard * pieceBytes + part.from, part.shard * pieceBytes + part.to),
        )
        const joined = joinParts(located, pieceBytes, bytes)
        expect(Buffer.compare(joined, sealed.subarray(located.sealedFrom, located.sealedTo))).toBe(0)
        expect(located.sealedFrom).toBe(located.firstChunk * sealedChunkBytes)
        for (const part of located.parts) expect([part.from % 64, part.to <= pieceBytes]).toEqual([0, true])
      }),
      { numRuns: 60 },
    )
  })

  it.each([
    [0, 0],
    [5, 5],
    [-1, 3],
    [9, 11],
  ])('refuses bytes %i to %i of ten', (from, to) => {
    expect(() => locateRange(10, 4, from, to)).toThrow(RangeError)
  })
})
