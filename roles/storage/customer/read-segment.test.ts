import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Manifest } from '../protocol/manifest.ts'
import { deriveSegmentKeys } from '../protocol/segment-keys.ts'
import { pieceLength } from '../protocol/segments.ts'
import type { FetchBytes } from './fetch-segment.ts'
import { nodeCipher } from './node-crypto.ts'
import { PeerRecord } from './peer-record.ts'
import { createPipeline, type Pipeline } from './pipeline/pipeline.ts'
import { sealSegment } from './pipeline/seal-segment.ts'
import { readSegment } from './read-segment.ts'
import { makePiece } from './testing/make-piece.ts'

const [k, n] = [4, 12]
const plain = nodeCipher.randomBytes(700_001)
const keys = deriveSegmentKeys(nodeCipher, nodeCipher.randomBytes(32))
let pipeline: Pipeline
let manifest: Manifest
let maskedOf: Uint8Array[]

/** A real segment, sealed, coded and masked by the real pipeline; only the way its bytes travel is made up. */
beforeAll(async () => {
  const pieceBytes = pieceLength(plain.length, k)
  pipeline = createPipeline({ threads: 1, k, n, pieceBytes, slots: 1, pieceBuffers: 0, stagingAreas: 2 })
  const source = {
    size: plain.length,
    read: async (at: number, target: Uint8Array) => {
      target.set(plain.subarray(at, at + target.length))
      return target.length
    },
  }
  const span = { index: 0, offsetBytes: 0, plainBytes: plain.length }
  const slotAddress = await pipeline.arena.slots.acquire()
  const slot = await sealSegment(pipeline, { source, span, keys, k, slotAddress })
  const made = await Promise.all(
    Array.from({ length: n }, (_, index) => makePiece(pipeline, { slot, n, index, maskKey: keys.maskKey })),
  )
  maskedOf = made.map(({ bytes }) => bytes)
  const address = `0x${'1'.repeat(40)}`
  const nodeOf = (index: number) => `0x${index.toString(16).padStart(40, '0')}`
  const pieces = made.map(({ root }, index) => ({ index, node: nodeOf(index), operator: nodeOf(index), root }))
  manifest = {
    formatVersion: 1,
    chainId: 1,
    market: address,
    customer: address,
    fileSalt: new Uint8Array(32),
    pathName: 'x',
    bytes: plain.length,
    k,
    n,
    createdAtSeconds: 0,
    segments: [{ wrappedSecret: new Uint8Array(48), pieces }],
    spreadWaived: [],
  }
})

afterAll(() => pipeline.close())

type Behaviour = 'serves' | 'fails' | 'lies'

function read(how: (index: number) => Behaviour, from: number, to: number): Promise<Uint8Array> {
  const fetchBytes: FetchBytes = async ({ index }, target, { offsetBytes = 0, onProgress }) => {
    const behaviour = how(index)
    if (behaviour === 'fails') throw new Error('connection refused')
    target.set(maskedOf[index]!.subarray(offsetBytes, offsetBytes + target.length))
    if (behaviour === 'lies') target[target.length >> 1]! ^= 1
    onProgress?.(target.length)
  }
  const reading = { manifest, segmentIndex: 0, keys, record: new PeerRecord(), fetchBytes, signal: undefined }
  return readSegment(reading, from, to)
}

describe('bytes of a segment', () => {
  it('equal the slice of the file, for any range and any four survivors', async () => {
    const survivors = fc.shuffledSubarray([...Array(n).keys()], { minLength: 4, maxLength: n })
    const range = fc.tuple(fc.nat({ max: plain.length - 1 }), fc.nat({ max: plain.length - 1 }))
    await fc.assert(
      fc.asyncProperty(survivors, range, async (alive, ends) => {
        const [from, last] = [...ends].sort((left, right) => left - right) as [number, number]
        const bytes = await read((index) => (alive.includes(index) ? 'serves' : 'fails'), from, last + 1)
        expect(Buffer.compare(bytes, plain.subarray(from, last + 1))).toBe(0)
      }),
      { numRuns: 40 },
    )
  })

  it('are right although the holder of the piece lies', async () => {
    const bytes = await read((index) => (index === 0 ? 'lies' : 'serves'), 1_000, 2_000)
    expect(Buffer.compare(bytes, plain.subarray(1_000, 2_000))).toBe(0)
  })

  it('are right although most lie, as long as four tell the truth', async () => {
    const honest = new Set([2, 6, 9, 11])
    const bytes = await read((index) => (honest.has(index) ? 'serves' : 'lies'), 1_000, 400_000)
    expect(Buffer.compare(bytes, plain.subarray(1_000, 400_000))).toBe(0)
  })

  it('are never made up: with three honest ones there is an error', async () => {
    const honest = new Set([2, 6, 9])
    await expect(read((index) => (honest.has(index) ? 'serves' : 'lies'), 0, 10)).rejects.toMatchObject({
      code: 'TOO_FEW_PIECES',
    })
  })
})
