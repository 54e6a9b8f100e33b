import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseEther } from 'ethers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { boundNode, fundedWallet } from '../../../../contracts/script/testing/actors.ts'
import { startTestChain, type TestChain } from '../../../../contracts/script/testing/practice-chain.ts'
import { disksFileName, disksFileSchema, type DiskAllowance, type DiskStatus } from '../../../api/disks.ts'
import { randomPiece } from '../testing/random-piece.ts'
import { diskAt } from '../testing/several-disks.ts'
import { startTestProvider, type TestProvider } from '../testing/start-test-provider.ts'
import { startTestCustomer, type TestCustomer } from '../testing/test-customer.ts'
import { toNextPeriod } from '../testing/to-next-period.ts'

const top = mkdtempSync(join(tmpdir(), 'hearth-provider-disks-'))
let test: TestChain
let provider: TestProvider
let [first, second]: TestCustomer[] = []
let nodeAddress = ''

/** Two disks with these limits; what is at its limit takes nothing, and nothing has to leave it. */
const limited = (one: number | null, two: number | null): readonly DiskAllowance[] => [
  diskAt(top, 'one', { limitBytes: one }),
  diskAt(top, 'two', { limitBytes: two }),
]

beforeAll(async () => {
  for (const name of ['one', 'two']) mkdirSync(join(top, name))
  test = await startTestChain()
  const { node, operator } = await boundNode(test)
  nodeAddress = node.address
  const gas = await fundedWallet(test)
  await test.chain.provider.send('evm_setIntervalMining', [1])
  const allowance = { disks: limited(null, 0) }
  provider = await startTestProvider({ test, node, operator: operator.address, gas, directory: top, allowance })
  const customer = async () =>
    startTestCustomer(test, await fundedWallet(test, parseEther('10000')), provider.role.status().multiaddrs)
  ;[first, second] = [await customer(), await customer()]
}, 60_000)

afterAll(async () => {
  await first?.stop()
  await second?.stop()
  await provider?.stop()
  await test?.stop()
  rmSync(top, { recursive: true, force: true })
})

const disk = (name: string): DiskStatus =>
  provider.role.status().disks!.find((each) => each.folder === join(top, name))!
const isOf =
  (customer: TestCustomer) =>
  (event: { customer: string }): boolean =>
    event.customer.toLowerCase() === customer.wallet.address.toLowerCase()
const acceptedFor = (customer: TestCustomer) => provider.eventsOf('proofAccepted').filter(isOf(customer))
const failedFor = (customer: TestCustomer) => provider.eventsOf('proofFailed').filter(isOf(customer))

describe('a provider with two disks', () => {
  const pieces = [randomPiece(200_000), randomPiece(300_000)] as const

  it('stores each piece on one, and leaves its figures for those who look', async () => {
    const peer = provider.role.status().peerId!
    expect(await first!.put(peer, pieces[0])).toMatchObject({ kind: 'stored' })
    provider.setAllowance({ disks: limited(200_000, null) })
    expect(await second!.put(peer, pieces[1])).toMatchObject({ kind: 'stored' })
    await first!.commit(peer, nodeAddress, [pieces[0]])
    await second!.commit(peer, nodeAddress, [pieces[1]])
    provider.setAllowance({ disks: limited(null, null) })
    expect([disk('one').usedBytes, disk('two').usedBytes]).toEqual([200_000, 300_000])
    for (const name of ['one', 'two']) {
      const taken = Number(execFileSync('du', ['-s', '-B1', join(top, name)], { encoding: 'utf8' }).split('\t')[0])
      // One file and one folder came since the count; each takes at most a block more than its bytes.
      expect(Math.abs(disk(name).usage!.onDiskBytes - taken)).toBeLessThanOrEqual(2 * 4096)
      expect(disk(name).scrub).toMatchObject({ share: 1, late: null })
    }
    const written = () => disksFileSchema.parse(JSON.parse(readFileSync(join(top, disksFileName), 'utf8'))).disks
    await expect.poll(() => written().map((each) => each.usedBytes), { timeout: 10_000 }).toEqual([200_000, 300_000])
  }, 60_000)

  it('with one unplugged proves what lies on the other, and says which disk the rest waits for', async () => {
    renameSync(join(top, 'one'), join(top, 'unplugged'))
    await expect.poll(() => disk('one').state, { timeout: 15_000 }).toBe('missing')
    await toNextPeriod(test)
    await expect.poll(() => acceptedFor(second!).length, { timeout: 45_000, interval: 200 }).toBe(1)
    await expect.poll(() => failedFor(first!).length, { timeout: 15_000 }).toBe(1)
    expect(failedFor(first!)[0]?.message).toContain(`the disk at ${join(top, 'one')}, which is not there`)
    expect(provider.role.status().problems).toMatchObject([{ code: 'DISK_MISSING' }])
  }, 90_000)

  it('proves again what it had waited for once the disk is back, in the same period', async () => {
    renameSync(join(top, 'unplugged'), join(top, 'one'))
    await expect.poll(() => acceptedFor(first!).length, { timeout: 25_000, interval: 200 }).toBe(1)
    expect(provider.role.status().problems).toEqual([])
  }, 45_000)

  it('moves everything to one while it runs, and proves it from there', async () => {
    const leaving = [diskAt(top, 'one', { leaving: true, moveTo: '/two' }), diskAt(top, 'two')]
    provider.setAllowance({ disks: leaving })
    await expect.poll(() => disk('one').pieces, { timeout: 15_000 }).toBe(0)
    const before = acceptedFor(first!).length
    provider.setAllowance({ disks: [diskAt(top, 'two')] })
    await toNextPeriod(test)
    await expect.poll(() => acceptedFor(first!).length, { timeout: 45_000, interval: 200 }).toBe(before + 1)
  }, 90_000)
})
