import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { listDataSets } from '../../../contracts/client/index.ts'
import { openManifest } from '../protocol/manifest-envelope.ts'
import { customerSecret } from './context.ts'
import { getFile } from './get-file.ts'
import { nodeCipher } from './node-crypto.ts'
import { putFile } from './put-file.ts'
import { readStoreStatus } from './store-status.ts'
import { openStoredFile } from './stored-file.ts'
import { startMarketTown, type MarketTown } from './testing/start-market-town.ts'
import { topUpDataSets } from './top-up.ts'

const MiB = 1024 * 1024
let town: MarketTown
let files: string

function fileOf(name: string, lengthBytes: number): { path: string; bytes: Buffer } {
  const bytes = randomBytes(lengthBytes)
  const path = join(files, name)
  writeFileSync(path, bytes)
  return { path, bytes }
}

function nodesOf(manifest: Uint8Array): string[] {
  const { segments } = openManifest(nodeCipher, customerSecret(town.context.wallet), manifest)
  return [...new Set(segments.flatMap((segment) => segment.pieces.map((piece) => piece.node)))]
}

beforeAll(async () => {
  town = await startMarketTown({ providers: 16 })
  files = join(town.directory, 'files')
  mkdirSync(files)
}, 120_000)

afterAll(() => town?.stop(), 60_000)

describe('a customer among sixteen providers', () => {
  let manifest: Uint8Array
  let stored: { path: string; bytes: Buffer }
  let victim: string

  it.each([0, 1, 70_000])(
    'stores %i bytes and brings them back',
    async (length) => {
      const { path, bytes } = fileOf(`small-${length}`, length)
      const put = await putFile(town.context, { source: path, pathName: `small-${length}` })
      expect(put.summary).toMatchObject({ bytes: length, segments: 1, k: 4, n: 12, pieces: 12 })
      const output = join(files, `small-${length}.out`)
      await getFile(town.context, { manifest: put.manifest, output })
      expect(readFileSync(output).equals(bytes)).toBe(true)
    },
    60_000,
  )

  it('stores a file of two segments with a piece of each on the node that it must include', async () => {
    stored = fileOf('big', 70 * MiB)
    const must = [...town.providers.keys()][9]!
    const phases: string[] = []
    const put = await putFile(town.context, {
      source: stored.path,
      pathName: 'films/big.bin',
      mustInclude: [must],
      onProgress: ({ phase }) => phases.at(-1) !== phase && phases.push(phase),
    })
    manifest = put.manifest
    expect(phases).toEqual(['finding', 'storing', 'agreeing', 'paying'])
    expect(put.summary).toMatchObject({ segments: 2, pieces: 24 })
    const opened = openManifest(nodeCipher, customerSecret(town.context.wallet), manifest)
    for (const segment of opened.segments) {
      expect(new Set(segment.pieces.map((piece) => piece.operator)).size).toBe(12)
      expect(segment.pieces.map((piece) => piece.node)).toContain(must)
    }
  }, 120_000)

  it('sees it whole and paid for thirty periods', async () => {
    const status = await readStoreStatus(town.context, manifest)
    expect(status).toMatchObject({ bytes: 70 * MiB, segments: 2, k: 4, n: 12, healthy: 12 })
    expect(status.escrowPeriodsLeft).toBeGreaterThanOrEqual(29)
    expect(status.providers.reduce((sum, provider) => sum + provider.pieces, 0)).toBe(24)
    for (const provider of status.providers) {
      expect(town.providers.get(provider.node)?.role.status().peerId).toBe(provider.peerId)
    }
  })

  it('pays in advance for as long as it is asked to, and tops up what has run down', async () => {
    const { path } = fileOf('long', 100_000)
    const put = await putFile(town.context, { source: path, pathName: 'long', periods: 45 })
    expect((await readStoreStatus(town.context, put.manifest)).escrowPeriodsLeft).toBeGreaterThanOrEqual(44)
    const { topped, failed } = await topUpDataSets(town.context, { targetPeriods: 100 })
    expect([topped.length > 11, failed]).toEqual([true, []])
    expect((await readStoreStatus(town.context, manifest)).escrowPeriodsLeft).toBeGreaterThanOrEqual(99)
  }, 60_000)

  it('leaves nothing on chain and no manifest when it is cancelled under way', async () => {
    const before = await listDataSets(town.test.chain, { customer: town.context.wallet.address })
    const copies = readdirSync(join(town.context.dataDirectory, 'manifests')).length
    const cancel = new AbortController()
    const { path } = fileOf('cancelled', 40 * MiB)
    const onProgress = ({ bytesDone }: { bytesDone: number }): void => {
      if (bytesDone > 10 * MiB) cancel.abort()
    }
    const put = putFile(town.context, { source: path, pathName: 'cancelled', signal: cancel.signal, onProgress })
    await expect(put).rejects.toMatchObject({ code: 'CANCELLED' })
    const after = await listDataSets(town.test.chain, { customer: town.context.wallet.address })
    expect(after.map((set) => set.pieceCount)).toEqual(before.map((set) => set.pieceCount))
    expect(readdirSync(join(town.context.dataDirectory, 'manifests'))).toHaveLength(copies)
  }, 60_000)

  it('refuses a truncated manifest and one of another customer in words, and writes nothing', async () => {
    const output = join(files, 'never')
    const cut = getFile(town.context, { manifest: manifest.subarray(0, manifest.length - 9), output })
    await expect(cut).rejects.toMatchObject({ code: 'MANIFEST_TRUNCATED' })
    await expect(readStoreStatus(town.context, randomBytes(300))).rejects.toMatchObject({ code: 'NOT_A_MANIFEST' })
    const missing = getFile(town.context, { manifest, output: join(files, 'no-such-folder', 'x') })
    await expect(missing).rejects.toMatchObject({ code: 'OUTPUT_UNWRITABLE' })
    expect(existsSync(output)).toBe(false)
    await expect(putFile(town.context, { source: files, pathName: 'x' })).rejects.toMatchObject({
      code: 'SOURCE_UNREADABLE',
    })
  })

  it('stores although a provider ends in the middle, on those that are left', async () => {
    const { path, bytes } = fileOf('midway', 60 * MiB)
    victim = [...town.providers.keys()][0]!
    let ended: Promise<void> | null = null
    const put = await putFile(town.context, {
      source: path,
      pathName: 'midway',
      onProgress: ({ phase, bytesDone }) => {
        if (phase === 'storing' && bytesDone > 5 * MiB) ended ??= town.end([victim])
      },
    })
    await ended
    const output = join(files, 'midway.out')
    await getFile(town.context, { manifest: put.manifest, output })
    expect(readFileSync(output).equals(bytes)).toBe(true)
  }, 120_000)

  it('brings the file back bit for bit with eight of its twelve providers gone, within seconds, paying by voucher', async () => {
    const used = nodesOf(manifest)
    const { segments } = openManifest(nodeCipher, customerSecret(town.context.wallet), manifest)
    const alive = (pieces: readonly { node: string }[]) =>
      pieces.map((piece) => piece.node).filter((node) => node !== victim)
    const inBoth = alive(segments[0]!.pieces).filter((node) => alive(segments[1]!.pieces).includes(node))
    const survivors = inBoth.slice(-4)
    expect(survivors).toHaveLength(4)
    await town.end(used.filter((node) => !survivors.includes(node)))
    const output = join(files, 'big.out')
    const startMs = performance.now()
    const summary = await getFile(town.context, { manifest, output })
    expect(performance.now() - startMs).toBeLessThan(30_000)
    expect(readFileSync(output).equals(stored.bytes)).toBe(true)
    expect(summary.paidWei).toBeGreaterThan(0n)
    expect(readdirSync(files).filter((name) => name.endsWith('.tmp'))).toEqual([])
  }, 120_000)

  it('reads any bytes of it, also over the border of segments, with only those four left', async () => {
    const file = await openStoredFile(town.context, manifest)
    const border = 1023 * 64 * 1024
    try {
      expect(file).toMatchObject({ bytes: 70 * MiB, pathName: 'films/big.bin' })
      const wanted = [
        [0, 1],
        [12_345_678, 1_000_000],
        [border - 70_000, 140_001],
        [70 * MiB - 3, 3],
      ] as const
      for (const [first, length] of wanted) {
        const read = await file.read(first, length)
        expect(stored.bytes.subarray(first, first + length).equals(read), `${length} from ${first}`).toBe(true)
      }
      for (const [first, length] of [
        [0, 0],
        [-1, 5],
        [70 * MiB, 1],
        [1.5, 2],
      ] as const) {
        await expect(file.read(first, length)).rejects.toMatchObject({ code: 'RANGE_INVALID' })
      }
    } finally {
      file.close()
    }
  }, 60_000)

  it('says how many contributors are missing when too few are left', async () => {
    const { path } = fileOf('lonely', 1000)
    const put = putFile(town.context, { source: path, pathName: 'lonely' })
    await expect(put).rejects.toMatchObject({ code: 'TOO_FEW_PROVIDERS', details: { registered: 16, needed: 15 } })
  }, 60_000)

  it('says that too few pieces are left, and leaves no half a file', async () => {
    await town.end([...town.providers.keys()])
    const get = getFile(town.context, { manifest, output: join(files, 'gone') })
    await expect(get).rejects.toMatchObject({ code: 'TOO_FEW_PIECES' })
    expect(readdirSync(files).filter((name) => name.startsWith('.gone') || name === 'gone')).toEqual([])
  }, 90_000)
})
