import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nodeCipher as cipher } from '../customer/node-crypto.ts'
import { pieceMask } from './masking.ts'
import { ChunkDamagedError, openChunk, sealChunk } from './sealing.ts'
import { deriveSegmentKeys, pathKey, SegmentKeyError, unwrapSegmentSecret, wrapSegmentSecret } from './segment-keys.ts'
import {
  chunkBytes,
  chunkCount,
  pieceLength,
  sealedLength,
  segmentBytes,
  segmentCount,
  segmentSpan,
} from './segments.ts'
import { leafCountOf, treeHeight } from './tree-shape.ts'

const key = cipher.randomBytes(32)

describe('sealed chunks', () => {
  const segment = { segmentIndex: 3, plainBytes: 2 * chunkBytes + 5 }
  const plain = cipher.randomBytes(1000)

  it('open to what was sealed and never repeat a ciphertext', () => {
    const first = sealChunk(cipher, key, segment, 0, plain)
    const second = sealChunk(cipher, key, segment, 1, plain)
    expect(Buffer.from(openChunk(cipher, key, segment, 0, first))).toEqual(Buffer.from(plain))
    expect(Buffer.from(first)).not.toEqual(Buffer.from(second))
  })

  it('refuse another place, another segment, another length, a moved end and any flipped bit', () => {
    const sealed = sealChunk(cipher, key, segment, 1, plain)
    const open =
      (index: number, other: Partial<typeof segment>, bytes = sealed) =>
      () =>
        openChunk(cipher, key, { ...segment, ...other }, index, bytes)
    expect(open(0, {})).toThrow(ChunkDamagedError)
    expect(open(1, { segmentIndex: 4 })).toThrow(ChunkDamagedError)
    expect(open(1, { plainBytes: 2 * chunkBytes })).toThrow(ChunkDamagedError)
    expect(open(1, {}, sealed.subarray(0, 10))).toThrow(ChunkDamagedError)
    fc.assert(
      fc.property(fc.nat(sealed.length * 8 - 1), (bit) => {
        const bent = sealed.slice()
        bent[bit >> 3]! ^= 1 << (bit & 7)
        expect(open(1, {}, bent)).toThrow(ChunkDamagedError)
      }),
      { numRuns: 50 },
    )
  })
})

describe('segment keys', () => {
  it('come back only for the same customer, path, put and segment', () => {
    const secret = cipher.randomBytes(32)
    const [customer, salt] = [cipher.randomBytes(32), cipher.randomBytes(32)]
    const wrapped = wrapSegmentSecret(cipher, pathKey(cipher, customer, salt, 'a/b'), 2, secret)
    expect(Buffer.from(unwrapSegmentSecret(cipher, pathKey(cipher, customer, salt, 'a/b'), 2, wrapped))).toEqual(
      Buffer.from(secret),
    )
    const others = [
      pathKey(cipher, cipher.randomBytes(32), salt, 'a/b'),
      pathKey(cipher, customer, cipher.randomBytes(32), 'a/b'),
      pathKey(cipher, customer, salt, 'a/c'),
    ]
    for (const other of others) expect(() => unwrapSegmentSecret(cipher, other, 2, wrapped)).toThrow(SegmentKeyError)
    expect(() => unwrapSegmentSecret(cipher, pathKey(cipher, customer, salt, 'a/b'), 3, wrapped)).toThrow(
      SegmentKeyError,
    )
  })

  it('keep the content key from whoever holds the mask key', () => {
    const keys = deriveSegmentKeys(cipher, cipher.randomBytes(32))
    expect(Buffer.from(keys.contentKey)).not.toEqual(Buffer.from(keys.maskKey))
  })

  it('mask each piece differently and unmask by the same call, however the blocks are cut', () => {
    const piece = cipher.randomBytes(5000)
    const masked = Buffer.from(pieceMask(cipher, key, 1).apply(piece))
    const other = Buffer.from(pieceMask(cipher, key, 2).apply(piece))
    expect(masked).not.toEqual(other)
    const unmask = pieceMask(cipher, key, 1)
    const parts = [masked.subarray(0, 17), masked.subarray(17, 4096), masked.subarray(4096)]
    const plain = Buffer.concat(parts.map((part) => Buffer.from(unmask.apply(part))))
    expect(plain).toEqual(Buffer.from(piece))
  })
})

describe('segments', () => {
  it('cover every file exactly', () => {
    fc.assert(
      fc.property(fc.oneof(fc.nat(200_000), fc.integer({ min: 0, max: 20 * segmentBytes })), (fileBytes) => {
        const spans = Array.from({ length: segmentCount(fileBytes) }, (_, index) => segmentSpan(fileBytes, index))
        expect(spans.reduce((sum, span) => sum + span.plainBytes, 0)).toBe(fileBytes)
        spans.forEach((span, index) => expect(span.offsetBytes).toBe(index * segmentBytes))
        for (const span of spans)
          expect(4 * pieceLength(span.plainBytes, 4)).toBeGreaterThanOrEqual(sealedLength(span.plainBytes))
      }),
    )
  })

  it('stay within 64 MiB sealed and 19 levels at four data shards, and an empty file has one authenticated end', () => {
    expect(sealedLength(segmentBytes)).toBeLessThanOrEqual(64 * 1024 * 1024)
    expect(treeHeight(leafCountOf(pieceLength(segmentBytes, 4)))).toBe(19)
    expect([segmentCount(0), chunkCount(0), sealedLength(0), pieceLength(0, 4)]).toEqual([1, 1, 16, 4])
  })
})
