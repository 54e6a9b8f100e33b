import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ReedSolomon } from '../protocol/erasure/reed-solomon.ts'
import type { ManifestPiece } from '../protocol/manifest.ts'
import { pieceMask } from '../protocol/masking.ts'
import { fetchColumns } from './fetch-columns.ts'
import type { FetchBytes } from './fetch-segment.ts'
import { nodeCipher } from './node-crypto.ts'
import { PeerRecord } from './peer-record.ts'

const [k, n, pieceBytes] = [4, 12, 100_000]
const maskKey = nodeCipher.randomBytes(32)
let shards: Uint8Array[]
let pieces: ManifestPiece[]
let maskedOf: Uint8Array[]

beforeAll(() => {
  shards = Array.from({ length: k }, () => new Uint8Array(nodeCipher.randomBytes(pieceBytes)))
  const parity = Array.from({ length: n - k }, () => new Uint8Array(pieceBytes))
  new ReedSolomon(k, n).encode(shards, parity)
  maskedOf = [...shards, ...parity].map((bytes, index) => pieceMask(nodeCipher, maskKey, index).apply(bytes))
  const node = (index: number) => ({ index, node: `0x${index}`, operator: `0x${index}`, root: new Uint8Array(32) })
  pieces = maskedOf.map((_, index) => node(index))
})

const pending = new AbortController()
afterAll(() => pending.abort())

type Behaviour = 'serves' | 'fails' | 'hangs'

function fetch(how: (index: number) => Behaviour, shard: number, way: { direct: boolean }, signal?: AbortSignal) {
  const asked: number[] = []
  const fetchBytes: FetchBytes = async ({ index }, target, options) => {
    asked.push(index)
    const behaviour = how(index)
    if (behaviour === 'fails') throw new Error('connection refused')
    if (behaviour === 'hangs') {
      await new Promise((_, reject) => options.signal.addEventListener('abort', () => reject(new Error('cut'))))
    }
    const offset = options.offsetBytes ?? 0
    target.set(maskedOf[index]!.subarray(offset, offset + target.length))
  }
  const part = { shard, from: 6_400, to: 70_016 }
  const options = { segmentIndex: 0, k, pieces, maskKey, record: new PeerRecord(), fetchBytes, signal }
  return { asked, result: fetchColumns(options, part, way) }
}

const wanted = (shard: number): Buffer => Buffer.from(shards[shard]!.subarray(6_400, 70_016))

describe('columns of a data piece', () => {
  it('come from its holder alone when that one answers', async () => {
    const { asked, result } = fetch(() => 'serves', 2, { direct: true })
    expect(wanted(2).equals(await result)).toBe(true)
    expect(asked).toEqual([2])
  })

  it.each(['fails', 'hangs'] as const)('are decoded from four others when its holder %s', async (how) => {
    const { result } = fetch((index) => (index === 1 ? how : 'serves'), 1, { direct: true })
    expect(wanted(1).equals(await result)).toBe(true)
  })

  it('are decoded from the last four that are left, whichever they are', async () => {
    const left = new Set([3, 5, 8, 11])
    const { result } = fetch((index) => (left.has(index) ? 'serves' : 'fails'), 0, { direct: true })
    expect(wanted(0).equals(await result)).toBe(true)
  })

  it('leave the holder out when it is not to be trusted', async () => {
    const { asked, result } = fetch(() => 'serves', 2, { direct: false })
    expect(wanted(2).equals(await result)).toBe(true)
    expect(asked).not.toContain(2)
  })

  it('are given up with words when three are left, and at once when cancelled', async () => {
    const three = fetch((index) => (index < 3 ? 'serves' : 'fails'), 3, { direct: true })
    await expect(three.result).rejects.toMatchObject({ code: 'TOO_FEW_PIECES', details: { fetched: 3, needed: 4 } })
    const cancel = new AbortController()
    const hanging = fetch(() => 'hangs', 3, { direct: true }, cancel.signal)
    setTimeout(() => cancel.abort(), 50)
    await expect(hanging.result).rejects.toMatchObject({ code: 'CANCELLED' })
  })
})
