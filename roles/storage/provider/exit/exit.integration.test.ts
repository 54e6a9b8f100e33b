import { randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { listPieces, readDataSet, readHeir, readSetTerms } from '../../../../contracts/client/index.ts'
import { leaveFileName, leaveFileSchema } from '../../../api/leaving.ts'
import { getFile } from '../../customer/get-file.ts'
import { putFile } from '../../customer/put-file.ts'
import { readStoreStatus } from '../../customer/store-status.ts'
import { startMarketTown, type MarketTown } from '../../customer/testing/start-market-town.ts'
import type { TestProvider } from '../testing/start-test-provider.ts'

let town: MarketTown
let bytes: Buffer
let manifest: Uint8Array
let leavers: string[]

const providerOf = (node: string): TestProvider => town.providers.get(node)!
const leaving = { leaving: { askedAtMs: 1, forfeit: false } }
const stateOf = (node: string) => providerOf(node).role.status().leaving?.state
const heirOf = (node: string) => readHeir(town.test.chain, town.context.wallet.address, node)
const setOn = (node: string) => readDataSet(town.test.chain, town.context.wallet.address, node)
const priceOn = async (node: string) =>
  (await readSetTerms(town.test.chain, town.context.wallet.address, node)).pricePerGiBPeriodWei

beforeAll(async () => {
  town = await startMarketTown({ providers: 18 })
  bytes = randomBytes(2_000_000)
  writeFileSync(join(town.directory, 'file'), bytes)
  manifest = (await putFile(town.context, { source: join(town.directory, 'file'), pathName: 'file' })).manifest
  const { providers } = await readStoreStatus(town.context, manifest)
  // Heirs must not ask more; the dearest find some for sure, since prices follow the gas of the moment they began.
  const prices = await Promise.all(providers.map(({ node }) => priceOn(node)))
  leavers = providers
    .map(({ node }, index) => ({ node, price: prices[index]! }))
    .sort((left, right) => Number(right.price - left.price))
    .map(({ node }) => node)
}, 180_000)

afterAll(() => town?.stop(), 60_000)

async function expectWhole(): Promise<void> {
  const output = join(town.directory, `back-${randomBytes(4).toString('hex')}`)
  await getFile(town.context, { manifest, output })
  expect(readFileSync(output).equals(bytes)).toBe(true)
}

describe('a provider that leaves', () => {
  it('is told beforehand what it would mean', async () => {
    const node = leavers[0]!
    await expect.poll(() => providerOf(node).role.status().leaving?.pieces, { timeout: 60_000 }).toBe(1)
    const status = providerOf(node).role.status().leaving!
    expect(status).toMatchObject({ state: 'notAsked', bytesHandedOver: 0, periodSeconds: 30, periods: 1 })
    expect(BigInt(status.sets[0]!.periodPayWei)).toBeGreaterThan(0n)
    const file = join(town.directory, `provider-${[...town.providers.keys()].indexOf(node)}`, leaveFileName)
    expect(leaveFileSchema.parse(JSON.parse(readFileSync(file, 'utf8'))).leaving.pieces).toBe(1)
  }, 90_000)

  it('changes nothing when it thinks better of it before its pieces went', async () => {
    const node = leavers[1]!
    providerOf(node).setAllowance(leaving)
    providerOf(node).setAllowance({ leaving: null })
    await new Promise((done) => setTimeout(done, 4_000))
    expect(await heirOf(node)).toBeNull()
    expect(await setOn(node)).toMatchObject({ state: 'active' })
  }, 30_000)

  it('hands its pieces to a stranger, proves its last period and then holds nothing', async () => {
    const node = leavers[0]!
    const before = (await setOn(node))!
    providerOf(node).setAllowance(leaving)
    await expect.poll(() => heirOf(node), { timeout: 60_000, interval: 500 }).not.toBeNull()
    const heir = (await heirOf(node))!
    expect(leavers).not.toContain(heir)
    const [piece] = await listPieces(town.test.chain, town.context.wallet.address, heir)
    expect(piece?.root).toBe((await listPieces(town.test.chain, town.context.wallet.address, node))[0]!.root)
    const heirSet = (await setOn(heir))!
    expect(heirSet.pricePerPeriodWei).toBeLessThanOrEqual(before.pricePerPeriodWei)
    expect(heirSet.escrowWei).toBeGreaterThan(before.pricePerPeriodWei * 20n)
    await expect.poll(() => stateOf(node), { timeout: 150_000, interval: 1_000 }).toBe('done')
    expect(await setOn(node)).toMatchObject({ state: 'ended', faults: 0 })
    expect(providerOf(node).eventsOf('piecesHandedOver')).toHaveLength(1)
    expect(providerOf(node).eventsOf('leftStorage')).toHaveLength(1)
    await expect.poll(async () => (await setOn(heir))?.lastProvenPeriod ?? 0, { timeout: 90_000 }).toBeGreaterThan(0)
  }, 300_000)

  it('is found at its heir by a customer who only has the old manifest', async () => {
    await providerOf(leavers[0]!).stop()
    const status = await readStoreStatus(town.context, manifest)
    expect(status.providers.map(({ node }) => node)).toContain(await heirOf(leavers[0]!))
    expect(status.providers.map(({ node }) => node)).not.toContain(leavers[0])
    expect(status.piecesMoved).toBe(1)
    await expectWhole()
  }, 60_000)

  it('is one of several that leave, and the file comes back without any of them', async () => {
    const rest = leavers.slice(1, 3)
    for (const node of rest) providerOf(node).setAllowance(leaving)
    for (const node of rest) await expect.poll(() => heirOf(node), { timeout: 120_000, interval: 500 }).not.toBeNull()
    const heirs = await Promise.all(rest.map(heirOf))
    expect(new Set(heirs).size).toBe(rest.length)
    await town.end(rest)
    await expectWhole()
  }, 180_000)

  it('forfeits only with consent when nobody takes its pieces, and the escrow returns to the customer', async () => {
    // Everybody else is out: no stranger is left to ask.
    const node = leavers[5]!
    const others = [...town.providers.keys()].filter((one) => one !== node)
    for (const other of others) providerOf(other).setAllowance({ work: 'paused', reason: 'pausedByPerson' })
    providerOf(node).setAllowance(leaving)
    const setState = () => providerOf(node).role.status().leaving?.sets[0]?.state
    await expect.poll(setState, { timeout: 60_000, interval: 500 }).toBe('noHeir')
    expect(await setOn(node)).toMatchObject({ state: 'active' })
    providerOf(node).setAllowance({ leaving: { askedAtMs: 1, forfeit: true } })
    await expect.poll(() => stateOf(node), { timeout: 60_000, interval: 500 }).toBe('done')
    expect(await setOn(node)).toMatchObject({ state: 'ended', escrowWei: 0n })
    expect(providerOf(node).eventsOf('setForfeited')).toHaveLength(1)
  }, 180_000)
})
