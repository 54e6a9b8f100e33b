import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Wallet } from 'ethers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { currentPeriod, listPieces, readDataSet, readHeir, readTiming } from '../../../../contracts/client/index.ts'
import { boundNode, fundedWallet } from '../../../../contracts/script/testing/actors.ts'
import type { DiskAllowance } from '../../../api/disks.ts'
import { getFile } from '../../customer/get-file.ts'
import { putFile } from '../../customer/put-file.ts'
import { startMarketTown, type MarketTown } from '../../customer/testing/start-market-town.ts'
import { startTestProvider, type TestProvider } from '../testing/start-test-provider.ts'

let town: MarketTown
let node: Wallet
let provider: TestProvider
let stranger: TestProvider
let folders: [string, string]
const files: { bytes: Buffer; manifest: Uint8Array }[] = []

const disk = (folder: string, change: Partial<DiskAllowance> = {}): DiskAllowance => ({
  ...{ path: folder, folder, limitBytes: null, leaving: false, moveTo: null },
  ...change,
})
const customer = (): string => town.context.wallet.address
const setHere = () => readDataSet(town.test.chain, customer(), node.address)
const storage = () => provider.role.status().storage!
const piecesOn = (folder: string): number | undefined =>
  provider.role.status().disks?.find((one) => one.folder === folder)?.pieces

/** Stores files, all of them also here, until both disks hold something of the customer. */
beforeAll(async () => {
  town = await startMarketTown({ providers: 17 })
  const bound = await boundNode(town.test)
  node = bound.node
  const directory = join(town.directory, 'two-disks')
  folders = [join(directory, 'one'), join(directory, 'two')]
  folders.forEach((folder) => mkdirSync(folder, { recursive: true }))
  const [first] = town.providers.values()
  provider = await startTestProvider({
    ...{ test: town.test, node, directory, gas: await fundedWallet(town.test), operator: bound.operator.address },
    listen: ['/ip4/127.0.99.1/tcp/0'],
    bootstrapPeers: first!.role.status().multiaddrs,
    allowance: { disks: folders.map((folder) => disk(folder)) },
  })
  // Holds nothing of the customer, so that it may be heir; it came last, since prices follow the fees of the day.
  const last = await boundNode(town.test)
  stranger = await startTestProvider({
    ...{ test: town.test, node: last.node, directory: join(town.directory, 'stranger') },
    ...{ gas: await fundedWallet(town.test), operator: last.operator.address },
    listen: ['/ip4/127.0.98.1/tcp/0'],
    bootstrapPeers: first!.role.status().multiaddrs,
    allowance: { work: 'paused', reason: 'pausedByPerson' },
  })
  for (let index = 0; index < 8 && !folders.every((folder) => (piecesOn(folder) ?? 0) > 0); index++) {
    const bytes = randomBytes(400_000)
    const source = join(town.directory, `file-${index}`)
    writeFileSync(source, bytes)
    const put = await putFile(town.context, { source, pathName: `${index}`, mustInclude: [node.address] })
    files.push({ bytes, manifest: put.manifest })
  }
}, 240_000)

afterAll(async () => {
  await provider?.stop()
  await stranger?.stop()
  await town?.stop()
}, 60_000)

describe('a disk that is lost for good', () => {
  it('is only missing at first: its pieces are not given up, and nothing is said twice', async () => {
    for (const folder of folders) expect(piecesOn(folder)).toBeGreaterThan(0)
    rmSync(folders[1], { recursive: true })
    const problems = () => provider.role.status().problems.map(({ code }) => code)
    await expect.poll(problems, { timeout: 30_000 }).toContain('DISK_MISSING')
    expect(await setHere()).toMatchObject({ state: 'active' })
    expect(provider.eventsOf('piecesLost')).toEqual([])
    expect(storage().pieces).toBe(piecesOn(folders[0])! + piecesOn(folders[1])!)
  }, 60_000)

  it('is told once, and counted no more, when the person says that it never comes back', async () => {
    stranger.setAllowance({ work: 'full', reason: 'allowed' })
    const [left, lost] = [piecesOn(folders[0])!, piecesOn(folders[1])!]
    provider.setAllowance({ disks: [disk(folders[0]), disk(folders[1], { leaving: true, lost: true })] })
    await expect.poll(() => provider.eventsOf('piecesLost').length, { timeout: 30_000 }).toBe(1)
    expect(provider.eventsOf('piecesLost')[0]).toMatchObject({ count: lost })
    expect(new Set(provider.eventsOf('piecesLost')[0]!.roots).size).toBe(lost)
    expect(provider.role.status().disks?.map(({ folder }) => folder)).toEqual([folders[0]])
    expect(storage().pieces).toBe(left)
    expect(storage().usedBytes).toBe(provider.role.status().disks![0]!.usedBytes)
  }, 60_000)

  it('costs its customer’s contract the fault of the round that it owes, and what is left of it goes to an heir', async () => {
    const rescued = (await listPieces(town.test.chain, customer(), node.address))
      .map(({ root }) => root)
      .filter((root) => !provider.eventsOf('piecesLost')[0]!.roots.includes(root))
    expect(rescued.length).toBeGreaterThan(0)
    await expect.poll(async () => (await setHere())?.state, { timeout: 90_000, interval: 500 }).toBe('ended')
    const ended = (await setHere())!
    // A contract that ends before the first round it owes a proof for has missed none.
    const endedIn = currentPeriod(ended.endedAtSeconds!, await readTiming(town.test.chain))
    expect(ended).toMatchObject({ faults: endedIn < ended.firstPeriod ? 0 : 1, escrowWei: 0n })
    const heir = (await readHeir(town.test.chain, customer(), node.address))!
    const there = (await listPieces(town.test.chain, customer(), heir)).map(({ root }) => root)
    expect(there).toEqual(expect.arrayContaining(rescued))
    expect(provider.eventsOf('setForfeited')).toHaveLength(1)
  }, 120_000)

  it('is over then: no proof is tried again, no problem stays, the role goes on, and every file comes back', async () => {
    const failed = provider.eventsOf('proofFailed').length
    await town.test.passSeconds(40)
    await new Promise((done) => setTimeout(done, 6_000))
    expect(provider.eventsOf('proofFailed')).toHaveLength(failed)
    expect(provider.eventsOf('piecesLost')).toHaveLength(1)
    expect(provider.role.status().problems).toEqual([])
    expect(provider.role.status().leaving?.state).toBe('notAsked')
    for (const [index, { bytes, manifest }] of files.entries()) {
      const output = join(town.directory, `back-${index}`)
      await getFile(town.context, { manifest, output })
      expect(readFileSync(output).equals(bytes)).toBe(true)
    }
  }, 90_000)
})
