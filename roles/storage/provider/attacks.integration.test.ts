import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseEther, randomBytes, type Wallet } from 'ethers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  encodeDrop,
  encodeFinish,
  encodeProvePossession,
  encodeRemovePieces,
  interfaces,
  readDataSet,
  readOperatorEarnings,
  readStorageEvents,
  readTiming,
  sendAndWait,
} from '../../../contracts/client/index.ts'
import { boundNode, fundedWallet, nextPeriod } from '../../../contracts/script/testing/actors.ts'
import { startTestChain, type TestChain } from '../../../contracts/script/testing/practice-chain.ts'
import { openDatabaseForReading } from '../../persistence/index.ts'
import { acceptBatchSchema, acceptedSchema, storageAcceptProtocol } from '../protocol/frames.ts'
import { priceFloorRoundedUp } from './prices.ts'
import { randomPiece, type TestPiece } from './testing/random-piece.ts'
import { startTestProvider, type TestProvider } from './testing/start-test-provider.ts'
import { startTestCustomer, type TestCustomer } from './testing/test-customer.ts'

/** One test for each attack of PROTOCOL 5 that a provider must meet itself; contracts/test/attacks has those of the contracts. */
const timeoutMs = 15_000
const top = mkdtempSync(join(tmpdir(), 'hearth-provider-attacks-'))
let test: TestChain
let provider: TestProvider
let customer: TestCustomer
let node: Wallet
let operator: Wallet
let peer = ''

beforeAll(async () => {
  test = await startTestChain()
  ;({ node, operator } = await boundNode(test))
  const gas = await fundedWallet(test)
  const wallet = await fundedWallet(test, parseEther('10000'))
  await test.chain.provider.send('evm_setIntervalMining', [1])
  const owner = operator.address
  provider = await startTestProvider({ test, node, operator: owner, gas, directory: join(top, 'home') })
  peer = provider.role.status().peerId ?? ''
  customer = await startTestCustomer(test, wallet, provider.role.status().multiaddrs)
}, 60_000)

afterAll(async () => {
  await customer?.stop()
  await provider?.stop()
  await test?.stop()
  rmSync(top, { recursive: true, force: true })
})

/** Until when the provider keeps a piece for the customer: null while it is on chain, undefined when it is not here. */
function keptUntil(piece: TestPiece): unknown {
  const database = openDatabaseForReading(join(top, 'home', 'storage.sqlite'))
  try {
    return database.prepare('SELECT keep_until_seconds FROM holdings WHERE root = ?').get(piece.rootText)?.[
      'keep_until_seconds'
    ]
  } finally {
    database.close()
  }
}

/** Asks for a signature with one thing changed. */
async function askToSign(piece: TestPiece, change: Record<string, unknown> = {}) {
  const info = await customer.info(peer)
  if (info.kind !== 'info') throw new Error(info.message)
  const { pricePerGiBPeriodWei, retrievalPricePerMiBWei, minimumBytesPerSecond } = info
  const sequence = (await readDataSet(test.chain, customer.wallet.address, node.address))?.sequence ?? 0
  const pieces = [{ root: piece.root, lengthBytes: piece.bytes.length }]
  const terms = { pricePerGiBPeriodWei, retrievalPricePerMiBWei, minimumBytesPerSecond, sequence }
  const stream = await customer.open(peer, storageAcceptProtocol)
  const frame = { kind: 'acceptBatch', ...customer.networkFields, pieces, ...terms, ...change }
  await stream.writeFrame(acceptBatchSchema.parse(frame))
  const answer = await stream.readFrame(acceptedSchema, { timeoutMs })
  await stream.close()
  return answer
}

const setOf = () => readDataSet(test.chain, customer.wallet.address, node.address)
const eventually = { timeout: 45_000, interval: 200 }

describe('attacks on a provider', () => {
  const [kept, removed] = [randomPiece(40_000), randomPiece(30_000)]

  it('5.2: a root that the bytes do not have gets neither room nor signature', async () => {
    const piece = randomPiece(70_000)
    expect(await customer.put(peer, piece, randomPiece(70_000).bytes)).toMatchObject({ code: 'wrongRoot' })
    expect(keptUntil(piece)).toBeUndefined()
    expect(await askToSign(piece)).toMatchObject({ kind: 'refused', code: 'unknownPiece' })
  })

  it('5.2: a length that the bytes do not have gets no signature, though the root is right', async () => {
    for (const piece of [kept, removed]) expect(await customer.put(peer, piece)).toMatchObject({ kind: 'stored' })
    for (const lengthBytes of [kept.bytes.length - 1, kept.bytes.length + 1]) {
      const answer = await askToSign(kept, { pieces: [{ root: kept.root, lengthBytes }] })
      expect(answer).toMatchObject({ kind: 'refused', code: 'unknownPiece' })
    }
    expect(await askToSign(kept)).toMatchObject({ kind: 'accepted' })
  })

  it('5.3: a price below the floor gets no signature, and the provider asks at least four times its proof’s gas', async () => {
    const info = await customer.info(peer)
    const gasPriceWei = (await test.chain.provider.getFeeData()).gasPrice ?? 0n
    const askedWei = info.kind === 'info' ? info.pricePerGiBPeriodWei : 0n
    expect(askedWei).toBeGreaterThanOrEqual(priceFloorRoundedUp(gasPriceWei, BigInt(test.network.nativeWeiPerToken)))
    for (const pricePerGiBPeriodWei of [0n, askedWei - 1n])
      expect(await askToSign(kept, { pricePerGiBPeriodWei })).toMatchObject({ kind: 'refused', code: 'priceChanged' })
  })

  it('5.5: a stranger’s wrong proof in its name changes nothing, and its own is paid once', async () => {
    await customer.commit(peer, node.address, [kept, removed])
    await expect.poll(() => keptUntil(kept), eventually).toBeNull()
    const { period } = await nextPeriod(test)
    const proof = { customer: customer.wallet.address, node: node.address, period, proofs: randomBytes(3_000) }
    await expect(sendAndWait(test.funder, encodeProvePossession(test.network, proof), { timeoutMs })).rejects.toThrow()
    await expect.poll(async () => (await setOf())?.lastProvenPeriod, eventually).toBe(period)
    const range = { fromBlock: 0, toBlock: await test.chain.provider.getBlockNumber() }
    const events = await readStorageEvents(test.chain, { node: node.address, ...range })
    const paid = events.flatMap((event) => (event.kind === 'proofAccepted' ? [event.paidWei] : []))
    expect(paid).toHaveLength(1)
    const { earnedWei, burnedWei } = await readOperatorEarnings(test.chain, operator.address)
    expect(earnedWei + burnedWei).toBe(paid[0])
  }, 60_000)

  it('5.6: a piece that its customer takes out in a period is kept while that period can still ask for it', async () => {
    await customer.send(encodeRemovePieces(test.network, { node: node.address, indices: [1] }))
    const seen = await test.chain.provider.getBlockNumber()
    await expect.poll(() => test.chain.provider.getBlockNumber(), eventually).toBeGreaterThan(seen + 3)
    expect(keptUntil(removed)).toBeNull()
    const { period } = await nextPeriod(test)
    await expect.poll(async () => (await setOf())?.lastProvenPeriod, eventually).toBe(period)
    await expect.poll(() => keptUntil(removed), eventually).toBeGreaterThan(0)
    expect(keptUntil(kept)).toBeNull()
  }, 90_000)

  it('5.6: a set that its customer ended is kept until the delay is over and somebody has cleared its records', async () => {
    const place = { customer: customer.wallet.address, node: node.address }
    await customer.send(encodeDrop(test.network, { node: node.address }))
    await nextPeriod(test)
    await expect.poll(async () => (await setOf())?.frozenLeafCount, eventually).toBe(0)
    await nextPeriod(test)
    await sendAndWait(test.funder, encodeFinish(test.network, place), { timeoutMs })
    const data = interfaces.StorageMarket.encodeFunctionData('clear', [place.customer, place.node, 10])
    const clear = { to: test.network.contracts.StorageMarket, data }
    await expect(sendAndWait(test.funder, clear, { timeoutMs })).rejects.toThrow(/TooEarlyToClear/)
    expect(keptUntil(kept)).toBeNull()
    const stream = await customer.openGet(peer)
    expect((await customer.range(stream, kept, 0, 1_000, null)).bytes).toEqual(
      Buffer.from(kept.bytes.subarray(0, 1_000)),
    )
    await stream.close()
    await test.passSeconds((await readTiming(test.chain)).deleteDelaySeconds + 1)
    await sendAndWait(test.funder, clear, { timeoutMs })
    await nextPeriod(test)
    await expect.poll(() => keptUntil(kept), eventually).not.toBeNull()
    expect(provider.eventsOf('pieceRemoved').map((event) => event.root)).not.toContain(kept.rootText)
  }, 120_000)
})
