import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { buildPieceTree } from '../../protocol/piece-tree.ts'
import { deriveSegmentKeys } from '../../protocol/segment-keys.ts'
import { pieceLength, segmentBytes } from '../../protocol/segments.ts'
import { hashtreeHasher } from '../hashtree-hasher.ts'
import { nodeCipher } from '../node-crypto.ts'
import { SourceChangedError, type Source } from '../source.ts'
import { decodeSegment, openSegment } from './open-segment.ts'
import { createPipeline, type Pipeline } from './pipeline.ts'
import { makePiece } from '../testing/make-piece.ts'
import { sealSegment } from './seal-segment.ts'

function sourceOf(bytes: Uint8Array): Source {
  return {
    size: bytes.length,
    read: async (position, target) => {
      const part = bytes.subarray(position, position + target.length)
      target.set(part)
      return part.length
    },
  }
}

async function withPipeline<T>(plainBytes: number, k: number, n: number, use: (pipeline: Pipeline) => Promise<T>) {
  const pieceBytes = pieceLength(plainBytes, k)
  const pipeline = createPipeline({ threads: 2, k, n, pieceBytes, slots: 2, pieceBuffers: n, stagingAreas: 3 })
  try {
    return await use(pipeline)
  } finally {
    await pipeline.close()
  }
}

/** Puts bytes through seal, code and mask, then brings them back from the pieces that `kept` names. */
async function roundTrip(plain: Uint8Array, k: number, n: number, kept: readonly number[]): Promise<Buffer> {
  return withPipeline(plain.length, k, n, async (pipeline) => {
    const { arena } = pipeline
    const keys = deriveSegmentKeys(nodeCipher, nodeCipher.randomBytes(32))
    const span = { index: 0, offsetBytes: 0, plainBytes: plain.length }
    const slotAddress = await arena.slots.acquire()
    const slot = await sealSegment(pipeline, { source: sourceOf(plain), span, keys, k, slotAddress })
    const masked = await Promise.all(
      Array.from({ length: n }, async (_, index) => {
        const made = await makePiece(pipeline, { slot, n, index, maskKey: keys.maskKey })
        expect(made.root).toEqual(buildPieceTree(made.bytes, hashtreeHasher).root)
        return made
      }),
    )
    arena.view(slotAddress, k * slot.stride).fill(0xee)
    const present = await Promise.all(
      kept.map(async (index) => {
        const address = index < k ? slotAddress + index * slot.stride : await arena.pieces.acquire()
        arena.view(address, slot.pieceBytes).set(masked[index]!.bytes)
        const { root } = masked[index]!
        const job = {
          kind: 'checkPiece',
          address,
          pieceBytes: slot.pieceBytes,
          index,
          maskKey: keys.maskKey,
          root,
        } as const
        expect(await pipeline.run(job)).toEqual({ intact: true })
        return { index, address }
      }),
    )
    await decodeSegment(pipeline, { slot, n, present })
    const parts: Buffer[] = []
    const segment = { segmentIndex: 0, plainBytes: plain.length }
    for await (const part of openSegment(pipeline, { slot, segment, keys })) parts.push(Buffer.from(part))
    return Buffer.concat(parts)
  })
}

describe('pipeline', () => {
  it.each([0, 1, 15, 65_535, 65_536, 65_537, 300_000])('brings %i bytes back from parity alone', async (length) => {
    const plain = nodeCipher.randomBytes(length)
    expect((await roundTrip(plain, 4, 12, [4, 7, 10, 11])).equals(plain)).toBe(true)
  })

  it('brings any length back from any survivors', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 9_000_000 }),
        fc.shuffledSubarray([...Array(20).keys()], { minLength: 8, maxLength: 8 }),
        async (length, kept) => {
          const plain = nodeCipher.randomBytes(length)
          expect((await roundTrip(plain, 8, 20, kept)).equals(plain)).toBe(true)
        },
      ),
      { numRuns: 6 },
    )
  })

  it('brings a full segment of 1023 chunks back', async () => {
    const plain = Buffer.alloc(segmentBytes, 'segment ')
    expect((await roundTrip(plain, 4, 12, [0, 5, 2, 9])).equals(plain)).toBe(true)
  })

  it('tells a piece with one flipped bit', async () => {
    await withPipeline(100_000, 4, 12, async (pipeline) => {
      const address = await pipeline.arena.pieces.acquire()
      const pieceBytes = 25_000
      const piece = pipeline.arena.view(address, pieceBytes)
      const { root } = buildPieceTree(piece.slice(), hashtreeHasher)
      piece[17_000]! ^= 1
      const job = { kind: 'checkPiece', address, pieceBytes, index: 0, maskKey: new Uint8Array(32), root } as const
      expect(await pipeline.run(job)).toEqual({ intact: false })
    })
  })

  it('gives its staging areas back when the source ends early, and rejects jobs once closed', async () => {
    await withPipeline(9_000_000, 4, 12, async (pipeline) => {
      const keys = deriveSegmentKeys(nodeCipher, nodeCipher.randomBytes(32))
      const slotAddress = await pipeline.arena.slots.acquire()
      const span = { index: 0, offsetBytes: 0, plainBytes: 9_000_000 }
      const source = sourceOf(new Uint8Array(5_000_000))
      const sealing = sealSegment(pipeline, { source, span, keys, k: 4, slotAddress })
      await expect(sealing).rejects.toBeInstanceOf(SourceChangedError)
      await Promise.all([1, 2, 3].map(() => pipeline.arena.staging.acquire({ signal: AbortSignal.timeout(1000) })))
      await pipeline.close()
      const job = {
        kind: 'commitPiece',
        slot: { address: 0, stride: 64, pieceBytes: 10, k: 4 },
        n: 12,
        index: 0,
      } as const
      const run = pipeline.run({ ...job, maskKey: new Uint8Array(32) })
      await expect(run).rejects.toMatchObject({ code: 'PIPELINE_CLOSED' })
    })
  })
})
