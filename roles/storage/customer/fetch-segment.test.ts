import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ManifestPiece } from '../protocol/manifest.ts'
import { deriveSegmentKeys } from '../protocol/segment-keys.ts'
import { pieceLength } from '../protocol/segments.ts'
import { fetchSegment, type FetchBytes } from './fetch-segment.ts'
import { nodeCipher } from './node-crypto.ts'
import { PeerRecord } from './peer-record.ts'
import type { SlotLayout } from './pipeline/jobs.ts'
import { createPipeline, type Pipeline } from './pipeline/pipeline.ts'
import { sealSegment } from './pipeline/seal-segment.ts'
import { makePiece } from './testing/make-piece.ts'

const plainBytes = 300_000
const [k, n] = [4, 12]
const keys = deriveSegmentKeys(nodeCipher, nodeCipher.randomBytes(32))
let pipeline: Pipeline
let pieces: ManifestPiece[]
let bytesOf: Map<number, Uint8Array>
let slot: SlotLayout

/** A real segment, coded and masked by the real pipeline; only the way the bytes travel is made up here. */
beforeEach(async () => {
  const pieceBytes = pieceLength(plainBytes, k)
  pipeline = createPipeline({ threads: 1, k, n, pieceBytes, slots: 2, pieceBuffers: k + 6, stagingAreas: 2 })
  const source = { size: plainBytes, read: async (_at: number, target: Uint8Array) => target.fill(7).length }
  const span = { index: 0, offsetBytes: 0, plainBytes }
  const sealed = await sealSegment(pipeline, {
    source,
    span,
    keys,
    k,
    slotAddress: await pipeline.arena.slots.acquire(),
  })
  bytesOf = new Map()
  pieces = []
  for (let index = 0; index < n; index++) {
    const { root, bytes } = await makePiece(pipeline, { slot: sealed, n, index, maskKey: keys.maskKey })
    bytesOf.set(index, bytes)
    pieces.push({ index, node: `0x${index}`, operator: `0x${index}`, root })
  }
  slot = { ...sealed, address: await pipeline.arena.slots.acquire() }
})

afterEach(() => pipeline.close())

type Behaviour = 'serves' | 'fails' | 'hangs' | 'lies'

function network(behaviour: (index: number, attempt: number) => Behaviour) {
  const attempts = new Map<number, number>()
  const fetchBytes: FetchBytes = async (piece, target, { signal, onProgress }) => {
    const attempt = (attempts.get(piece.index) ?? 0) + 1
    attempts.set(piece.index, attempt)
    const how = behaviour(piece.index, attempt)
    if (how === 'fails') throw new Error('connection refused')
    if (how === 'hangs') {
      await new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('cut'))))
    }
    target.set(bytesOf.get(piece.index)!)
    if (how === 'lies') target[100]! ^= 1
    onProgress?.(target.length)
  }
  return { attempts, fetchBytes }
}

function fetch(fetchBytes: FetchBytes, record = new PeerRecord(), signal?: AbortSignal) {
  return fetchSegment({ pipeline, segmentIndex: 0, slot, pieces, maskKey: keys.maskKey, record, fetchBytes, signal })
}

/** All piece buffers are back in the pool, apart from those handed to the caller. */
async function expectBuffersFree(handedOut: number): Promise<void> {
  const free = k + 6 - handedOut
  const signal = AbortSignal.timeout(1000)
  await Promise.all(Array.from({ length: free }, () => pipeline.arena.pieces.acquire({ signal })))
}

describe('fetching a segment', () => {
  it('takes any four pieces', async () => {
    const { present, buffers } = await fetch(network(() => 'serves').fetchBytes)
    expect(present).toHaveLength(k)
    await expectBuffersFree(buffers.length)
  })

  it.each([['fails'], ['hangs'], ['lies']] as const)('goes round eight providers of which each %s', async (how) => {
    const { fetchBytes } = network((index) => (index < 8 ? how : 'serves'))
    const startMs = performance.now()
    const { present, buffers } = await fetch(fetchBytes)
    expect(present.map((piece) => piece.index).sort((left, right) => left - right)).toEqual([8, 9, 10, 11])
    expect(performance.now() - startMs).toBeLessThan(6000)
    await expectBuffersFree(buffers.length)
  })

  it('asks those that failed once more when nobody else is left', async () => {
    const { fetchBytes } = network((index, attempt) => (index >= 3 && attempt === 1 ? 'fails' : 'serves'))
    expect((await fetch(fetchBytes)).present).toHaveLength(k)
  })

  it('gives up in words when fewer than four are left, and gives its memory back', async () => {
    const { fetchBytes } = network((index) => (index < 3 ? 'serves' : 'fails'))
    await expect(fetch(fetchBytes)).rejects.toMatchObject({
      code: 'TOO_FEW_PIECES',
      details: { fetched: 3, needed: 4 },
    })
    await expectBuffersFree(0)
  })

  it('asks no more than needed once providers have proven themselves', async () => {
    const record = new PeerRecord()
    pieces.slice(5, 9).forEach((piece) => record.served(piece.node))
    const { attempts, fetchBytes } = network(() => 'serves')
    await fetch(fetchBytes, record)
    expect(new Set(attempts.keys())).toEqual(new Set([5, 6, 7, 8]))
  })

  it('ends at once when it is cancelled', async () => {
    const cancel = new AbortController()
    const fetching = fetch(network(() => 'hangs').fetchBytes, new PeerRecord(), cancel.signal)
    setTimeout(() => cancel.abort(), 100)
    await expect(fetching).rejects.toMatchObject({ code: 'CANCELLED' })
    await expectBuffersFree(0)
  })
})
