import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseEther, Wallet } from 'ethers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { boundNode, fundedWallet, nextPeriod } from '../../../contracts/script/testing/actors.ts'
import { startTestChain, type TestChain } from '../../../contracts/script/testing/practice-chain.ts'
import { goAheadSchema, storageInfoProtocol, storagePutProtocol, storedSchema } from '../protocol/frames.ts'
import { startGate, type Gate } from './testing/flaky-gate.ts'
import { randomPiece } from './testing/random-piece.ts'
import { startTestProvider, type TestProvider } from './testing/start-test-provider.ts'
import { startTestCustomer, type TestCustomer } from './testing/test-customer.ts'
import { toNextPeriod } from './testing/to-next-period.ts'

const top = mkdtempSync(join(tmpdir(), 'hearth-provider-faults-'))
let test: TestChain
let gate: Gate
let provider: TestProvider
let customer: TestCustomer
let node: Wallet
let peer = ''

beforeAll(async () => {
  test = await startTestChain()
  gate = await startGate(Number(new URL(test.network.rpcUrls[0]!).port))
  const bound = await boundNode(test)
  node = bound.node
  const gas = await fundedWallet(test)
  await test.chain.provider.send('evm_setIntervalMining', [1])
  const behindGate = { ...test, network: { ...test.network, rpcUrls: [`http://127.0.0.1:${gate.port}`] } }
  const operator = bound.operator.address
  provider = await startTestProvider({ test: behindGate, node, operator, gas, directory: join(top, 'home') })
  peer = provider.role.status().peerId ?? ''
  customer = await startTestCustomer(
    test,
    await fundedWallet(test, parseEther('10000')),
    provider.role.status().multiaddrs,
  )
}, 60_000)

afterAll(async () => {
  await customer?.stop()
  await provider?.stop()
  await gate?.stop()
  await test?.stop()
  rmSync(top, { recursive: true, force: true })
})

const incoming = (): string[] => readdirSync(join(provider.workDirectory, 'incoming'))

describe('a provider refuses', () => {
  it('bytes that do not have the announced root, and keeps none of them', async () => {
    const piece = randomPiece(100_000)
    const answer = await customer.put(peer, piece, randomPiece(100_000).bytes)
    expect(answer).toMatchObject({ kind: 'refused', code: 'wrongRoot' })
    expect(incoming()).toEqual([])
  })

  it('to talk about another chain or market', async () => {
    const stream = await customer.open(peer, storagePutProtocol)
    const { root, bytes } = randomPiece(10)
    const wrong = { ...customer.networkFields, chainId: 1 }
    await stream.writeFrame({ kind: 'putPiece', ...wrong, root, lengthBytes: bytes.length })
    expect(await stream.readFrame(goAheadSchema, { timeoutMs: 5_000 })).toMatchObject({ code: 'wrongNetwork' })
    await stream.close()
  })

  it('a customer who could not pay for the piece', async () => {
    const poor = await startTestCustomer(
      test,
      new Wallet(Wallet.createRandom().privateKey),
      provider.role.status().multiaddrs,
    )
    expect(await poor.put(peer, randomPiece(1_000_000))).toMatchObject({ kind: 'refused', code: 'noFunds' })
    await poor.stop()
  })

  it('new pieces while it is paused or full, and takes them again afterwards', async () => {
    const piece = randomPiece(50_000)
    provider.setAllowance({ work: 'paused', reason: 'pausedByPerson' })
    expect(await customer.put(peer, piece)).toMatchObject({ kind: 'refused', code: 'paused' })
    expect(await customer.info(peer)).toMatchObject({ taking: false })
    provider.setAllowance({ work: 'full', reason: 'allowed', diskLimitBytes: 10_000 })
    expect(await customer.put(peer, piece)).toMatchObject({ kind: 'refused', code: 'full' })
    provider.setAllowance({ diskLimitBytes: 1024 * 1024 * 1024 })
    expect(await customer.put(peer, piece)).toMatchObject({ kind: 'stored' })
  })

  it('to accept pieces that it does not hold for this customer, other prices, and a stale number', async () => {
    expect((await customer.accept(peer, [randomPiece(100)], 0)).answer).toMatchObject({ code: 'unknownPiece' })
    const piece = randomPiece(60_000)
    await customer.put(peer, piece)
    expect((await customer.accept(peer, [piece], 7)).answer).toMatchObject({ code: 'badRequest' })
    expect((await customer.accept(peer, [piece, piece], 0)).answer).toMatchObject({ code: 'badRequest' })
  })

  it('a range beyond the end and a piece that it does not have, for nothing', async () => {
    const piece = randomPiece(70_000)
    await customer.put(peer, piece)
    const stream = await customer.openGet(peer)
    expect((await customer.range(stream, piece, 69_000, 2_000, null)).answer).toMatchObject({ code: 'badRequest' })
    expect((await customer.range(stream, randomPiece(5), 0, 5, null)).answer).toMatchObject({ code: 'unknownPiece' })
    expect((await customer.range(stream, piece, 69_000, 1_000, null)).bytes?.length).toBe(1_000)
    await stream.close()
  })

  it('hostile frames on every protocol without ending, and an upload that stops in the middle', async () => {
    for (const bytes of [
      [0xff, 0xff, 0xff, 0xff],
      [0, 0, 0, 1, 0xff],
      [0, 0, 0, 3, 0x63, 0x61, 0x62],
    ]) {
      for (const protocol of [storagePutProtocol, storageInfoProtocol]) {
        const stream = await customer.open(peer, protocol)
        await stream.writeBytes([Uint8Array.from(bytes)])
        await expect(stream.readFrame(goAheadSchema, { timeoutMs: 5_000 })).rejects.toMatchObject({
          code: 'STREAM_CLOSED',
        })
      }
    }
    const piece = randomPiece(500_000)
    const stream = await customer.open(peer, storagePutProtocol)
    await stream.writeFrame({ kind: 'putPiece', ...customer.networkFields, root: piece.root, lengthBytes: 500_000 })
    expect(await stream.readFrame(goAheadSchema, { timeoutMs: 5_000 })).toMatchObject({ kind: 'goAhead' })
    await stream.writeBytes([piece.bytes.subarray(0, 400_000)])
    stream.abort(new Error('the customer went away'))
    await expect.poll(incoming, { timeout: 5_000 }).toEqual([])
    // The place of the upload that was cut off is given back right after its bytes.
    const again = expect.poll(() => customer.put(peer, piece), { timeout: 5_000 })
    await again.toMatchObject({ kind: 'stored', lengthBytes: 500_000 })
  })
})

describe('a chain that goes away', () => {
  it('is announced, loses no piece, and proofs go on by themselves when it is back', async () => {
    const piece = randomPiece(200_000)
    expect(storedSchema.parse(await customer.put(peer, piece))).toMatchObject({ kind: 'stored' })
    await customer.commit(peer, node.address, [piece])
    await gate.shut()
    await expect.poll(() => provider.eventsOf('chainLost').length, { timeout: 20_000 }).toBe(1)
    expect(provider.role.status().problems).toMatchObject([{ code: 'CHAIN_LOST' }])
    await gate.open()
    await expect.poll(() => provider.eventsOf('chainBack').length, { timeout: 30_000 }).toBe(1)
    expect(provider.role.status().problems).toEqual([])
    await toNextPeriod(test)
    await expect.poll(() => provider.eventsOf('proofAccepted').length, { timeout: 45_000, interval: 250 }).toBe(1)
  }, 110_000)

  it('5.5 and whose seeds were drawn too late makes void periods, told once and held against nobody', async () => {
    await gate.shut()
    await toNextPeriod(test)
    await toNextPeriod(test)
    await gate.open()
    const told = () =>
      provider.eventsOf('periodVoid').filter(({ lastPeriod, firstPeriod }) => lastPeriod >= firstPeriod)
    await expect.poll(() => told().length, { timeout: 30_000 }).toBeGreaterThan(0)
    const periods = [...told(), ...provider.eventsOf('periodMissed')].flatMap(({ firstPeriod, lastPeriod }) =>
      Array.from({ length: lastPeriod - firstPeriod + 1 }, (_, index) => firstPeriod + index),
    )
    expect(periods).toEqual([...new Set(periods)])
    const shown = () => provider.role.status().storage?.reputation
    await expect.poll(shown, { timeout: 15_000 }).toMatchObject({ void: periods.length, missed: 0 })
  }, 50_000)

  it('5.5 a period missed while others could prove is a fault, told with its cause', async () => {
    await expect.poll(() => provider.eventsOf('proofAccepted').length, { timeout: 60_000 }).toBeGreaterThan(0)
    await gate.shut()
    // Somebody else draws both seeds in time: the network was fine, this provider was not.
    const { period } = await nextPeriod(test)
    await nextPeriod(test)
    await gate.open()
    const missed = () => provider.eventsOf('periodMissed').filter(({ lastPeriod }) => lastPeriod === period)
    await expect.poll(() => missed().length, { timeout: 40_000 }).toBe(1)
    expect(missed()[0]).toMatchObject({ cause: 'chainAway', customer: customer.wallet.address })
    await expect
      .poll(() => provider.role.status().storage?.reputation, { timeout: 10_000 })
      .toMatchObject({ missed: 1, lastMissCause: 'chainAway' })
  }, 120_000)

  it('and comes back older keeps the pieces and takes them up again when the customer repeats itself', async () => {
    const snapshot: unknown = await test.chain.provider.send('evm_snapshot', [])
    const piece = randomPiece(90_000)
    await customer.put(peer, piece)
    await customer.commit(peer, node.address, [piece])
    const pendingBefore = provider.role.status().storage?.pendingBytes ?? 0
    await expect.poll(() => provider.eventsOf('piecesAccepted').length, { timeout: 15_000 }).toBe(2)
    await test.chain.provider.send('evm_revert', [snapshot])
    await expect
      .poll(() => provider.role.status().storage?.pendingBytes, { timeout: 20_000 })
      .toBeGreaterThanOrEqual(Math.max(90_000, pendingBefore))
    await customer.commit(peer, node.address, [piece])
    await expect.poll(() => provider.eventsOf('piecesAccepted').length, { timeout: 15_000 }).toBe(3)
  }, 70_000)
})
