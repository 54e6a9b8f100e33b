import { describe, expect, it } from 'vitest'
import { nodeCipher as cipher } from '../customer/node-crypto.ts'
import { ReedSolomon } from './erasure/reed-solomon.ts'
import { pieceMask } from './masking.ts'
import { openChunk, sealChunk, type SealedSegment } from './sealing.ts'
import { deriveSegmentKeys, segmentSecretBytes } from './segment-keys.ts'
import { chunkBytes, chunkCount } from './segments.ts'

const [k, n] = [4, 12]
const secret = cipher.randomBytes(segmentSecretBytes)
const keys = deriveSegmentKeys(cipher, secret)

/** All rows of the code over random shards, before any mask. */
function codedRows(): Uint8Array[] {
  const data = Array.from({ length: k }, () => cipher.randomBytes(1024))
  const parity = Array.from({ length: n - k }, () => new Uint8Array(1024))
  new ReedSolomon(k, n).encode(data, parity)
  return [...data, ...parity]
}

const masked = (rows: readonly Uint8Array[]): Uint8Array[] =>
  rows.map((row, index) => Uint8Array.from(pieceMask(cipher, keys.maskKey, index).apply(row.slice())))

/** What somebody who holds rows 0 to 3 gets for row 9, by the code alone. */
function computeRowNine(held: readonly Uint8Array[]): Uint8Array {
  const parity = Array.from({ length: n - k }, () => new Uint8Array(1024))
  new ReedSolomon(k, n).encode(held.slice(0, k), parity)
  return parity[9 - k]!
}

describe('5.1 a Sybil who holds k pieces of a segment', () => {
  it('could compute every leaf of the others if they were not masked, so could be paid for what it does not store', () => {
    const rows = codedRows()
    expect(computeRowNine(rows)).toEqual(rows[9])
  })

  it('cannot compute a single leaf of another one from masked pieces', () => {
    const stored = masked(codedRows())
    const computed = computeRowNine(stored)
    for (let leaf = 0; leaf < 1024; leaf += 32) {
      expect(computed.subarray(leaf, leaf + 32)).not.toEqual(stored[9]!.subarray(leaf, leaf + 32))
    }
  })

  it('finds no two masks of one segment alike, and none that another segment uses', () => {
    const zeros = Array.from({ length: n }, () => new Uint8Array(64))
    const other = deriveSegmentKeys(cipher, cipher.randomBytes(segmentSecretBytes))
    const streams = [
      ...masked(zeros),
      ...zeros.map((row, index) => Uint8Array.from(pieceMask(cipher, other.maskKey, index).apply(row.slice()))),
    ].map((stream) => Buffer.from(stream).toString('hex'))
    expect(new Set(streams).size).toBe(2 * n)
  })
})

describe('5.1 a repairer with the mask keys', () => {
  it('rebuilds a lost piece bit for bit and still opens no content', () => {
    const segment: SealedSegment = { segmentIndex: 0, plainBytes: 4 * 1000 }
    const sealed = sealChunk(cipher, keys.contentKey, segment, 0, new Uint8Array(segment.plainBytes).fill(7))
    const length = Math.ceil(sealed.length / k)
    const padded = new Uint8Array(k * length)
    padded.set(sealed)
    const data = Array.from({ length: k }, (_, index) => padded.slice(index * length, (index + 1) * length))
    const parity = Array.from({ length: n - k }, () => new Uint8Array(length))
    new ReedSolomon(k, n).encode(data, parity)
    const stored = masked([...data, ...parity])
    const shards = [1, 5, 8, 11].map((index) => ({
      index,
      bytes: Uint8Array.from(pieceMask(cipher, keys.maskKey, index).apply(stored[index]!.slice())),
    }))
    const rebuilt = new ReedSolomon(k, n).reconstruct(shards)
    expect(Uint8Array.from(pieceMask(cipher, keys.maskKey, 2).apply(rebuilt[2]!.slice()))).toEqual(stored[2])
    expect(() => openChunk(cipher, keys.maskKey, segment, 0, sealed)).toThrow(/not what was stored/)
  })
})

describe('5.4 whoever serves chunks', () => {
  const plainBytes = 2 * chunkBytes + 100
  const segment: SealedSegment = { segmentIndex: 3, plainBytes }
  const chunks = Array.from({ length: chunkCount(plainBytes) }, (_, index) =>
    sealChunk(cipher, keys.contentKey, segment, index, new Uint8Array(index === 2 ? 100 : chunkBytes).fill(index)),
  )
  const open = (part: SealedSegment, index: number, sealed: Uint8Array) => () =>
    openChunk(cipher, keys.contentKey, part, index, sealed)

  it('cannot give one chunk for another', () => {
    expect(Uint8Array.from(open(segment, 0, chunks[0]!)())).toEqual(new Uint8Array(chunkBytes))
    expect(open(segment, 0, chunks[1]!)).toThrow(/not what was stored/)
  })

  it('cannot cut the end off: the chunk that would be the last then does not open as the last', () => {
    expect(open({ ...segment, plainBytes: 2 * chunkBytes }, 1, chunks[1]!)).toThrow(/not what was stored/)
  })

  it('cannot give a chunk of another segment or of another file', () => {
    expect(open({ ...segment, segmentIndex: 4 }, 0, chunks[0]!)).toThrow(/not what was stored/)
    const other = deriveSegmentKeys(cipher, cipher.randomBytes(segmentSecretBytes))
    expect(() => openChunk(cipher, other.contentKey, segment, 0, chunks[0]!)).toThrow(/not what was stored/)
  })
})
