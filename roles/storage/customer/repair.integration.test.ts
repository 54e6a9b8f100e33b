import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { listDataSets, readStorageEvents } from '../../../contracts/client/index.ts'
import { openManifest } from '../protocol/manifest-envelope.ts'
import type { Manifest } from '../protocol/manifest.ts'
import { customerSecret } from './context.ts'
import { getFile } from './get-file.ts'
import { nodeCipher } from './node-crypto.ts'
import { putFile } from './put-file.ts'
import { readRepairOutlook, repairFile, type RepairProgress } from './repair-file.ts'
import { readStoreStatus } from './store-status.ts'
import { startMarketTown, type MarketTown } from './testing/start-market-town.ts'

let town: MarketTown
let bytes: Buffer
let manifest: Uint8Array

const opened = (sealed: Uint8Array): Manifest => openManifest(nodeCipher, customerSecret(town.context.wallet), sealed)
const nodesOf = (sealed: Uint8Array): string[] => opened(sealed).segments[0]!.pieces.map((piece) => piece.node)

beforeAll(async () => {
  town = await startMarketTown({ providers: 20 })
  bytes = randomBytes(3_000_000)
  writeFileSync(join(town.directory, 'file'), bytes)
  manifest = (await putFile(town.context, { source: join(town.directory, 'file'), pathName: 'file' })).manifest
}, 180_000)

afterAll(() => town?.stop(), 60_000)

/** Every piece that the customer ever paid for, with its home. */
async function piecesPaid(): Promise<string[]> {
  const { chain } = town.test
  const range = { fromBlock: 0, toBlock: await chain.provider.getBlockNumber() }
  const events = await readStorageEvents(chain, { customer: town.context.wallet.address, ...range })
  return events.flatMap((event) =>
    event.kind === 'piecesAdded' ? event.pieces.map(({ root }) => `${root} ${event.node}`) : [],
  )
}

async function expectWhole(sealed: Uint8Array): Promise<void> {
  const output = join(town.directory, 'back')
  await getFile(town.context, { manifest: sealed, output })
  expect(readFileSync(output).equals(bytes)).toBe(true)
}

describe('a file that loses its providers', () => {
  let kept: string[]
  let repaired: Uint8Array

  it('needs nothing while all are there', async () => {
    expect(await readRepairOutlook(town.context, { manifest })).toMatchObject({ healthy: 12, due: 0, threshold: 6 })
    expect(await repairFile(town.context, { manifest })).toBeNull()
  }, 30_000)

  it('is due once only six of twelve have proven lately', async () => {
    const nodes = nodesOf(manifest)
    kept = nodes.slice(6)
    await town.end(nodes.slice(0, 6))
    await town.test.passSeconds(100)
    const healthy = async () => (await readRepairOutlook(town.context, { manifest })).healthy
    await expect.poll(healthy, { timeout: 90_000, interval: 1_000 }).toBe(6)
    expect(await readRepairOutlook(town.context, { manifest })).toMatchObject({ due: 1, piecesToMake: 6 })
  }, 120_000)

  it('is left as it was when its repair is cancelled', async () => {
    const customer = town.context.wallet.address
    const before = await listDataSets(town.test.chain, { customer })
    const copies = readdirSync(join(town.context.dataDirectory, 'manifests'))
    const cancel = new AbortController()
    const onProgress = ({ phase }: { phase: string }): void => {
      if (phase === 'agreeing') cancel.abort()
    }
    const repairing = repairFile(town.context, { manifest, signal: cancel.signal, onProgress })
    await expect(repairing).rejects.toMatchObject({ code: 'CANCELLED' })
    expect(await listDataSets(town.test.chain, { customer })).toHaveLength(before.length)
    expect(readdirSync(join(town.context.dataDirectory, 'manifests'))).toEqual(copies)
  }, 60_000)

  it('is never paid twice: what a repair had paid for when it was killed is found, not made again', async () => {
    const onProgress = ({ phase, bytesDone, bytesTotal }: RepairProgress): void => {
      if (phase === 'paying' && bytesDone > 0.3 * bytesTotal) throw new Error('killed')
    }
    await expect(repairFile(town.context, { manifest, onProgress })).rejects.toThrow('killed')
    const paid = await piecesPaid()
    expect(paid).toHaveLength(12 + 6)
    expect(await readRepairOutlook(town.context, { manifest })).toMatchObject({ healthy: 12, due: 0, piecesFound: 6 })
    const result = await repairFile(town.context, { manifest })
    repaired = result!.manifest
    expect(result!.summary).toMatchObject({ nodes: [], paidWei: 0n })
    expect(await piecesPaid()).toEqual(paid)
  }, 60_000)

  it('has its six lost pieces on new homes, each with an owner of its own', async () => {
    const nodes = nodesOf(repaired)
    expect(nodes).toHaveLength(12)
    expect(nodes).toEqual(expect.arrayContaining(kept))
    expect(nodes.filter((node) => nodesOf(manifest).includes(node)).sort()).toEqual([...kept].sort())
    expect(new Set(opened(repaired).segments[0]!.pieces.map((piece) => piece.operator)).size).toBe(12)
    expect(new Set(opened(repaired).segments[0]!.pieces.map((piece) => piece.index)).size).toBe(12)
    expect(await readStoreStatus(town.context, repaired)).toMatchObject({ healthy: 12 })
    expect(await repairFile(town.context, { manifest: repaired })).toBeNull()
  }, 60_000)

  it('comes back bit for bit from the new homes alone', async () => {
    await town.end(kept)
    await expectWhole(repaired)
  }, 60_000)
})
