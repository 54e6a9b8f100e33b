import { randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { listDataSets } from '../../../contracts/client/index.ts'
import { openManifest } from '../protocol/manifest-envelope.ts'
import { customerSecret } from './context.ts'
import { getFile } from './get-file.ts'
import { nodeCipher } from './node-crypto.ts'
import { openProviderBook } from './provider-book.ts'
import { putFile } from './put-file.ts'
import { readRepairOutlook, repairFile } from './repair-file.ts'
import { startMarketTown, type MarketTown } from './testing/start-market-town.ts'

let town: MarketTown
let bytes: Buffer
let manifest: Uint8Array

const nodesOf = (sealed: Uint8Array): string[] =>
  openManifest(nodeCipher, customerSecret(town.context.wallet), sealed).segments[0]!.pieces.map(({ node }) => node)

beforeAll(async () => {
  town = await startMarketTown({ providers: 18 })
  bytes = randomBytes(500_000)
  writeFileSync(join(town.directory, 'file'), bytes)
  manifest = (await putFile(town.context, { source: join(town.directory, 'file'), pathName: 'file' })).manifest
}, 180_000)

afterAll(() => town?.stop(), 60_000)

describe('a home that refuses downloads which its customer is ready to pay for', () => {
  it('loses its pieces to another home, and gets no new ones (PROTOCOL 5.6)', async () => {
    const [node] = nodesOf(manifest)
    const others = nodesOf(manifest).slice(1)
    const refused = { node: node!, outcome: 'refused', bytes: 0, tookMs: 1 } as const
    const book = openProviderBook(town.context.dataDirectory)
    const atSeconds = Math.floor(Date.now() / 1000)
    book.noteRetrievals([{ ...refused, atSeconds }])
    expect(await readRepairOutlook(town.context, { manifest })).toMatchObject({ due: 0 })
    book.noteRetrievals([{ ...refused, atSeconds }])
    book.close()
    expect(await readRepairOutlook(town.context, { manifest })).toMatchObject({ healthy: 12, due: 1, piecesToMake: 1 })
    manifest = (await repairFile(town.context, { manifest }))!.manifest
    expect(nodesOf(manifest)).toEqual(expect.arrayContaining(others))
    expect(nodesOf(manifest)).not.toContain(node)
    const sets = await listDataSets(town.test.chain, { customer: town.context.wallet.address })
    // It is paid for the running period, whose proof it still owes, and for no other.
    expect(sets.find((set) => set.node === node)).toMatchObject({ state: 'dropping' })
    expect(await repairFile(town.context, { manifest })).toBeNull()
    const output = join(town.directory, 'back')
    await getFile(town.context, { manifest, output })
    expect(readFileSync(output).equals(bytes)).toBe(true)
    writeFileSync(join(town.directory, 'second'), randomBytes(10_000))
    const second = await putFile(town.context, { source: join(town.directory, 'second'), pathName: 'second' })
    expect(second.summary.nodes).not.toContain(node)
  }, 120_000)
})
