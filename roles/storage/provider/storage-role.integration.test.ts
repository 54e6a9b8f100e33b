import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseEther, type Wallet } from 'ethers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readDataSet, readNode } from '../../../contracts/client/index.ts'
import { toNextPeriod } from './testing/to-next-period.ts'
import { boundNode, fundedWallet } from '../../../contracts/script/testing/actors.ts'
import { startTestChain, type TestChain } from '../../../contracts/script/testing/practice-chain.ts'
import { openCustomerVoucherBook } from '../../vouchers/index.ts'
import { randomPiece } from './testing/random-piece.ts'
import { startTestCustomer, type TestCustomer } from './testing/test-customer.ts'
import { startTestProvider, type TestProvider } from './testing/start-test-provider.ts'

const MiB = 1024 * 1024
let test: TestChain
let provider: TestProvider
let customer: TestCustomer
let node: Wallet
let operator: Wallet
let gas: Wallet
let peer: string
const top = mkdtempSync(join(tmpdir(), 'hearth-provider-'))

beforeAll(async () => {
  test = await startTestChain()
  ;({ node, operator } = await boundNode(test))
  gas = await fundedWallet(test)
  await test.chain.provider.send('evm_setIntervalMining', [1])
  provider = await startTestProvider({ test, node, operator: operator.address, gas, directory: join(top, 'home') })
  peer = provider.role.status().peerId ?? ''
  const wallet = await fundedWallet(test, parseEther('10000'))
  customer = await startTestCustomer(test, wallet, provider.role.status().multiaddrs)
}, 60_000)

afterAll(async () => {
  await customer?.stop()
  await provider?.stop()
  await test?.stop()
  rmSync(top, { recursive: true, force: true })
})

describe('a provider on a real chain', () => {
  const pieces = [randomPiece(3 * MiB + 77), randomPiece(40_000), randomPiece(5)]

  it('publishes its prices once it is bound', async () => {
    await expect
      .poll(async () => (await readNode(test.chain, node.address))?.terms ?? null, { timeout: 15_000 })
      .not.toBeNull()
    const info = await customer.info(peer)
    expect(info).toMatchObject({ kind: 'info', taking: true })
    expect((await readNode(test.chain, node.address))?.terms).toMatchObject({
      sequence: 1,
      pricePerGiBPeriodWei: info.kind === 'info' ? info.pricePerGiBPeriodWei : 0n,
    })
  }, 30_000)

  it('stores pieces, accepts them, and holds them once they are on chain', async () => {
    for (const piece of pieces) expect(await customer.put(peer, piece)).toMatchObject({ kind: 'stored' })
    expect(await customer.put(peer, pieces[0]!)).toMatchObject({ kind: 'stored' })
    expect(provider.role.status().storage).toMatchObject({ pieces: 3, pendingBytes: 3 * MiB + 77 + 40_000 + 5 })
    await customer.commit(peer, node.address, pieces)
    await expect.poll(() => provider.role.status().storage?.pendingBytes, { timeout: 15_000 }).toBe(0)
    expect(provider.eventsOf('piecesAccepted')).toMatchObject([{ count: 3, customer: customer.wallet.address }])
  }, 30_000)

  it('draws the seed itself when nobody else does, proves the period and is paid', async () => {
    await toNextPeriod(test)
    await expect.poll(() => provider.eventsOf('proofAccepted').length, { timeout: 45_000, interval: 200 }).toBe(1)
    const set = await readDataSet(test.chain, customer.wallet.address, node.address)
    expect(set?.lastProvenPeriod).toBe(provider.eventsOf('proofAccepted')[0]?.period)
    expect(provider.role.status().storage).toMatchObject({
      dataSets: 1,
      provenSets: 1,
      lastProvenPeriod: set?.lastProvenPeriod,
    })
    expect(provider.role.status().lastAcceptedWorkAtMs).toBeGreaterThan(Date.now() - 60_000)
  }, 60_000)

  it('2.1 serves a first MiB on trust, then only for a voucher that the lock can pay', async () => {
    const book = openCustomerVoucherBook({
      path: join(top, 'book.sqlite'),
      network: test.network,
      wallet: customer.wallet,
      lifetimeSeconds: 7200,
    })
    const stream = await customer.openGet(peer)
    const big = pieces[0]!
    const first = await customer.range(stream, big, 100, MiB, null)
    expect(first.bytes?.equals(Buffer.from(big.bytes.subarray(100, 100 + MiB)))).toBe(true)
    const refused = await customer.range(stream, big, 0, 77, null)
    expect(refused.answer).toMatchObject({ kind: 'paymentDue', lockedWei: 0n })
    if (refused.answer.kind !== 'paymentDue') return
    const unbacked = await book.pay(node.address, refused.answer.dueCumulativeWei)
    expect((await customer.range(stream, big, 0, 77, unbacked)).answer).toMatchObject({ kind: 'paymentDue' })
    await customer.lock(node.address, parseEther('5'))
    await new Promise((resolve) => setTimeout(resolve, 1_100))
    const paid = await customer.range(stream, big, 0, 77, unbacked)
    expect(paid.bytes?.equals(Buffer.from(big.bytes.subarray(0, 77)))).toBe(true)
    const forged = { ...(await book.pay(node.address, parseEther('3'))), cumulativeWei: parseEther('4') }
    expect((await customer.range(stream, big, 0, 77, forged)).answer).toMatchObject({
      kind: 'refused',
      code: 'badRequest',
    })
    const rest = await book.last(node.address)
    const whole = await customer.range(stream, big, 0, big.bytes.length, rest)
    expect(whole.bytes?.equals(Buffer.from(big.bytes))).toBe(true)
    expect(BigInt(provider.role.status().storage?.unredeemedWei ?? '0')).toBe(rest?.cumulativeWei)
    await stream.close()
    book.close()
  }, 30_000)

  it('2.2 redeems the voucher when its fee is small against it', async () => {
    await expect.poll(() => provider.eventsOf('voucherRedeemed').length, { timeout: 40_000, interval: 500 }).toBe(1)
    expect(provider.role.status().storage?.unredeemedWei).toBe('0')
  }, 45_000)

  it('finds its pieces and its place in the network again after a restart, and goes on proving', async () => {
    await provider.stop()
    provider = await startTestProvider({ test, node, operator: operator.address, gas, directory: join(top, 'home') })
    expect(provider.role.status().peerId).toBe(peer)
    await expect.poll(() => provider.role.status().storage?.dataSets, { timeout: 15_000 }).toBe(1)
    expect(provider.role.status().storage).toMatchObject({ pieces: 3, pendingBytes: 0 })
    await toNextPeriod(test)
    await expect.poll(() => provider.eventsOf('proofAccepted').length, { timeout: 45_000, interval: 200 }).toBe(1)
  }, 75_000)
})
