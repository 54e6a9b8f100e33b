import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { getBytes, hexlify, Wallet } from 'ethers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { silentLog } from '../../api/values.ts'
import { createNetworkNode, localIdentity } from '../../network/index.ts'
import { openCustomerVoucherBook } from '../../vouchers/index.ts'
import { judgeAuditRecord } from '../protocol/audit-record.ts'
import { openManifest } from '../protocol/manifest-envelope.ts'
import { auditFileProviders, auditProviders } from './audit-providers.ts'
import { customerSecret } from './context.ts'
import { createMarket } from './create-market.ts'
import { getFile } from './get-file.ts'
import { hearReputation } from './hear-reputation.ts'
import { nodeCipher } from './node-crypto.ts'
import { openProviderBook } from './provider-book.ts'
import { putFile } from './put-file.ts'
import { readReputations } from './read-reputations.ts'
import { readStoreStatus } from './store-status.ts'
import { startMarketTown, type MarketTown } from './testing/start-market-town.ts'

let town: MarketTown
let manifest: Uint8Array
let holders: string[]

beforeAll(async () => {
  town = await startMarketTown({ providers: 16 })
  writeFileSync(join(town.directory, 'file'), randomBytes(6_000_000))
  manifest = (await putFile(town.context, { source: join(town.directory, 'file'), pathName: 'file' })).manifest
  const { segments } = openManifest(nodeCipher, customerSecret(town.context.wallet), manifest)
  holders = segments[0]!.pieces.map((piece) => piece.node)
}, 180_000)

afterAll(() => town?.stop(), 60_000)

/** Overwrites every stored piece of a provider behind its back. */
function loseBytes(node: string): void {
  const folder = town.providers.get(node)!.workDirectory
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  for (const file of files) {
    const path = join(file.parentPath, file.name)
    const { size } = statSync(path)
    if (size > 100_000) writeFileSync(path, new Uint8Array(size))
  }
}

const shownOf = (audits: readonly { node: string; right: number; late: number }[]) =>
  new Map(audits.map(({ node, right, late }) => [node, right + late]))

describe('vouchers of a customer that lost its book', () => {
  it('2.2 are shown by the nodes that hold them, and counted again', async () => {
    const path = join(town.context.dataDirectory, 'vouchers.sqlite')
    const { network } = town.test
    const issuedWei = (): bigint => {
      const book = openCustomerVoucherBook({ path, network, wallet: town.context.wallet })
      const sum = holders.reduce((total, node) => total + book.issuedWei(node), 0n)
      book.close()
      return sum
    }
    const output = join(town.directory, 'back')
    const first = await getFile(town.context, { manifest, output })
    expect(issuedWei()).toBeGreaterThanOrEqual(first.paidWei)
    for (const suffix of ['', '-wal', '-shm']) rmSync(`${path}${suffix}`, { force: true })
    const second = await getFile(town.context, { manifest, output })
    expect(readFileSync(output).equals(readFileSync(join(town.directory, 'file')))).toBe(true)
    expect(issuedWei()).toBeGreaterThan(second.paidWei)
  }, 60_000)
})

describe('audits between periods', () => {
  it('find honest providers right, signed by both, and cost nothing on chain', async () => {
    const before = await town.test.chain.provider.getTransactionCount(town.context.wallet.address)
    const { audits, refused } = await auditFileProviders(town.context, manifest)
    expect(refused).toEqual([])
    expect(audits).toHaveLength(12)
    for (const audit of audits) {
      // On a machine that is busy with other tests an answer may be late; it is never wrong.
      expect(audit).toMatchObject({ asked: 8, wrong: 0, silent: 0 })
      expect(audit.right + audit.late).toBe(8)
      expect(judgeAuditRecord(town.test.network, audit)).toBe('both')
    }
    expect(await town.test.chain.provider.getTransactionCount(town.context.wallet.address)).toBe(before)
  }, 60_000)

  it('are not repeated at once by themselves, and are kept', async () => {
    expect((await auditProviders(town.context, { dueOnly: true })).audits).toEqual([])
    const book = openProviderBook(town.context.dataDirectory)
    expect(book.audits(holders[0]!)).toMatchObject([{ asked: 8, wrong: 0, silent: 0 }])
    book.close()
  })

  it('catch a provider that dropped its bytes, which admits it, and one that is gone', async () => {
    loseBytes(holders[0]!)
    await town.end([holders[1]!])
    const { audits } = await auditFileProviders(town.context, manifest)
    const byNode = new Map(audits.map((audit) => [audit.node.toLowerCase(), audit]))
    const dropped = byNode.get(holders[0]!.toLowerCase())!
    expect(dropped).toMatchObject({ right: 0, wrong: 8, silent: 0 })
    expect(judgeAuditRecord(town.test.network, dropped)).toBe('both')
    const gone = byNode.get(holders[1]!.toLowerCase())!
    expect(gone).toMatchObject({ right: 0, wrong: 0, silent: 8, nodeSignature: null })
    expect(judgeAuditRecord(town.test.network, gone)).toBe('customer')
    expect([...shownOf(audits).values()].filter((shown) => shown === 8)).toHaveLength(10)
  }, 60_000)

  it('make the one that dropped bytes fall in rank, with the reason, and it is chosen last', async () => {
    const market = await createMarket(town.context)
    const judged = await readReputations(town.context, market, await market.listProviders())
    const byNode = new Map(judged.map((one) => [one.node, one]))
    const dropped = byNode.get(holders[0]!)!
    expect(dropped.reasons.find(({ name }) => name === 'ownAudits')!.points).toBeLessThan(-5)
    for (const honest of holders.slice(2)) expect(byNode.get(honest)!.score).toBeGreaterThan(dropped.score + 5)
    const stranger = judged.find(({ node }) => !holders.includes(node))!
    expect(stranger.score).toBeGreaterThan(dropped.score)
    const status = await readStoreStatus(town.context, manifest)
    const shown = status.providers.find(({ node }) => node === dropped.node)!
    expect(shown.reasons.reduce((sum, { points }) => sum + points, 50)).toBeCloseTo(shown.score, 6)
  }, 60_000)

  it('are free of charge only within an allowance for each period', async () => {
    let honest: string | undefined
    // A border of periods may fall in between and grants a second allowance, but not a third.
    for (let round = 0; round < 20 && honest === undefined; round++) {
      const { refused } = await auditProviders(town.context)
      honest = refused.find((node) => node !== holders[0])
    }
    expect(honest).toBeDefined()
    const book = openProviderBook(town.context.dataDirectory)
    expect(book.audits(honest!).every(({ wrong }) => wrong === 0)).toBe(true)
    book.close()
  }, 90_000)

  it('are told to other customers by the provider, who check them and weigh whose they are', async () => {
    const market = await createMarket(town.context)
    const provider = (await market.listProviders()).find(({ node }) => node === holders[2])!
    const wallet = new Wallet(Wallet.createRandom().privateKey, town.test.chain.provider)
    const identity = localIdentity(getBytes(wallet.privateKey))
    const bootstrapPeers = town.providers.get(holders[2]!)!.role.status().multiaddrs
    const node = await createNetworkNode({ identity, listen: [], bootstrapPeers, mode: 'client', log: silentLog })
    try {
      const heard = await hearReputation({ ...town.context, wallet, node }, provider, market.network)
      expect(heard.length).toBeGreaterThan(0)
      expect(heard.length).toBeLessThanOrEqual(3)
      for (const one of heard) expect(one).toMatchObject({ wrong: 0, silent: 0, weight: 0.25 })
      expect(await hearReputation(town.context, provider, market.network)).toEqual([])
    } finally {
      await node.stop()
    }
  }, 30_000)

  it('are no way to slander: nobody stands behind a record that was changed afterwards', async () => {
    const book = openProviderBook(town.context.dataDirectory)
    const [audit] = book.audits(holders[2]!)
    book.close()
    const worse = { ...audit!, right: 0, wrong: audit!.asked }
    expect(judgeAuditRecord(town.test.network, worse)).toBe('nobody')
    expect(judgeAuditRecord({ ...town.test.network, chainId: 1 }, audit!)).toBe('nobody')
    expect(judgeAuditRecord(town.test.network, { ...audit!, customer: hexlify(randomBytes(20)) })).toBe('nobody')
  })
})
