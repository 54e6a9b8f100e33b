import { join } from 'node:path'
import { parseEther, randomBytes, Wallet } from 'ethers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  encodeProvePossession,
  readDataSet,
  readEpochClock,
  readOperatorEarnings,
  sendAndWait,
  storageChallenges,
} from '../../contracts/client/index.ts'
import { addPiecesCall, nextPeriod } from '../../contracts/script/testing/actors.ts'
import type { TestChain } from '../../contracts/script/testing/practice-chain.ts'
import { pieceOfBytes, proveLeaves } from '../../contracts/script/testing/trees.ts'
import { ledgerPageSchema, type LedgerRow } from '../api/earnings.ts'
import { openEarningHistory, openGasLedger } from '../store/index.ts'
import { earningsCsv, type EarningsBook, openEarningsBook, pricesOf } from './index.ts'
import { type ConsentWorld, openConsentWorld } from './testing/consent-world.ts'

const timeoutMs = 20_000
const held = [pieceOfBytes(randomBytes(4096))]
let world: ConsentWorld
let chain: TestChain
let node: Wallet
let book: EarningsBook
let close: () => void

beforeAll(async () => {
  world = await openConsentWorld()
  chain = world.chain
  node = new Wallet(world.roleKeys.storage.privateKeyHex)
  await world.give({ kind: 'authorize' })
  ;({ book, close } = openBook('home'))
}, 60_000)

afterAll(async () => {
  close()
  await world.close()
})

function openBook(name: string): { book: EarningsBook; close: () => void } {
  const directory = world.home.stateDirectory()
  const history = openEarningHistory(join(directory, `${name}.sqlite`), 'test')
  const gas = openGasLedger(join(directory, `${name}-gas.sqlite`))
  const opened = { chain: chain.chain, operator: world.operator.address, nodes: [node.address], history, gas }
  const closeAll = () => {
    history.close()
    gas.close()
  }
  return { book: openEarningsBook(opened), close: closeAll }
}

const send = (from: Parameters<typeof sendAndWait>[0], call: Parameters<typeof sendAndWait>[1]) =>
  sendAndWait(from, call, { timeoutMs })
const claim = (micro: bigint) => world.give({ kind: 'claim', micro: micro.toString() })
const stake = (micro: bigint) => world.give({ kind: 'stake', micro: micro.toString() })

async function prove(): Promise<void> {
  const { period, seed } = await nextPeriod(chain)
  const set = (await readDataSet(chain.chain, world.customer.address, node.address))!
  const drawn = storageChallenges(seed, set.setId, period, held[0]!.leafCount)
  const proof = { customer: world.customer.address, node: node.address, period, proofs: proveLeaves(held, drawn) }
  await send(chain.funder, encodeProvePossession(chain.network, proof))
}

const wholeLedger = () => ledgerPageSchema.parse(book.ledger({ offset: 0, limit: 200 }))
const sum = (rows: readonly LedgerRow[], kind: LedgerRow['kind']) =>
  rows.filter((row) => row.kind === kind).reduce((total, row) => total + BigInt(row.amountWei), 0n)

/** Column sums of the export. */
function csvSums(csv: string): Record<string, bigint> {
  const [header, ...lines] = csv
    .trimEnd()
    .split('\r\n')
    .map((line) => line.split(','))
  const columns = ['earnedWei', 'burnedWei', 'claimedWei', 'movedToStakeWei']
  return Object.fromEntries(
    columns.map((name) => [name, lines.reduce((total, line) => total + BigInt(line[header!.indexOf(name)]!), 0n)]),
  )
}

test('before the chain was read, the ledger says so instead of showing something', () => {
  expect(() => book.ledger({ offset: 0, limit: 5 })).toThrow(expect.objectContaining({ code: 'BOOKS_UNREAD' }) as Error)
})

test('proofs, downloads, rewards, a claim and a stake are one ledger that the contract agrees with to the wei', async () => {
  const batch = { pricePerGiBPeriodWei: parseEther('100000'), depositWei: parseEther('100') }
  await send(world.customer, await addPiecesCall(chain, world.customer.address, node, held, batch))
  await prove()
  await world.earn('40')
  const { epochSeconds } = await readEpochClock(chain.chain)
  await chain.passSeconds(epochSeconds)
  // The first payment of another epoch settles the share of the one before; the next settles nothing.
  await world.earn('10')
  await world.earn('5')
  await claim(12_345_678n)
  await stake(3_000_000n)
  await chain.passSeconds(epochSeconds)

  const summary = await book.refresh({ unredeemedWei: 0n })
  expect(summary.reconciles).toBe(true)
  const { total, rows, sums } = wholeLedger()
  const contract = await readOperatorEarnings(chain.chain, world.operator.address)
  expect(total).toBe(rows.length)
  expect(sums).toMatchObject({
    reconciles: true,
    earnedWei: String(contract.earnedWei),
    claimedWei: String(parseEther('12.345678')),
    movedToStakeWei: String(parseEther('3')),
    burnedWei: String(contract.burnedWei),
    contractEarnedWei: String(contract.earnedWei),
  })
  expect(sum(rows, 'work') + sum(rows, 'reward')).toBe(contract.earnedWei)
  expect(sum(rows, 'reward')).toBe(contract.rewardsWei)
  expect(-sum(rows, 'claim')).toBe(contract.claimedWei)
  expect(-sum(rows, 'stake')).toBe(contract.movedToStakeWei)
  expect(rows.map(({ kind, work }) => work ?? kind)).toEqual([
    ...['reward', 'stake', 'claim', 'voucher', 'voucher', 'reward', 'voucher', 'storageProof'],
  ])
  // Two shares: one that a payment settled, one of an ended epoch that waits for the next; each knows its epoch.
  const [open, settled] = rows.filter((row) => row.kind === 'reward')
  expect(open!.transactionHash).toBeNull()
  expect(settled!.transactionHash).toBe(rows[4]!.transactionHash)
  expect(open!.epoch).toBe(settled!.epoch! + 1)
  expect(rows.slice(1).every((row) => row.transactionHash !== null)).toBe(true)
}, 90_000)

test('the export adds up to what the contract says, with and without prices', async () => {
  const { earnedWei, burnedWei, claimedWei, movedToStakeWei } = await readOperatorEarnings(
    chain.chain,
    world.operator.address,
  )
  const expected = { earnedWei, burnedWei, claimedWei, movedToStakeWei }
  expect(csvSums(earningsCsv(book.rows()))).toEqual(expected)
  const prices = pricesOf({ kind: 'fixed', price: '0.123456789', currency: 'EUR' })
  expect(csvSums(earningsCsv(book.rows(), prices))).toEqual(expected)
}, 30_000)

test('the overview adds up to what was earned, and advises by what the gas of a claim is worth', async () => {
  const terms = { gasWei: 10n ** 14n, nativeWeiPerToken: 10n ** 15n, ownMinimumMicro: 0n }
  const { lifetime, advice, estimate, reconciles, dayMs } = book.overview({ terms })
  const contract = await readOperatorEarnings(chain.chain, world.operator.address)
  expect(lifetime.earnedWei).toBe(String(contract.earnedWei))
  expect(lifetime.byNode).toEqual({ [node.address]: String(contract.earnedWei) })
  expect(advice).toMatchObject({ verdict: 'worthIt', claimableMicro: String(contract.claimableWei / 10n ** 12n) })
  expect(advice.gasInTokenWei).toBe(String(10n ** 17n))
  expect(estimate).toMatchObject({ kind: 'tooEarly', daysNeeded: 14 })
  expect([reconciles, dayMs]).toEqual([true, 60_000])
}, 30_000)

test('a claim and a stake that the chain forgot are gone from the ledger, and what came instead is there', async () => {
  const { provider } = chain.chain
  const before = wholeLedger()
  const snapshot = String(await provider.send('evm_snapshot', []))
  await claim(1_000_000n)
  await stake(2_000_000n)
  await book.refresh({ unredeemedWei: 0n })
  expect(
    wholeLedger()
      .rows.slice(0, 2)
      .map((row) => row.kind),
  ).toEqual(['stake', 'claim'])
  await provider.send('evm_revert', [snapshot])
  await book.refresh({ unredeemedWei: 0n })
  expect(wholeLedger()).toEqual(before)
  // The same number is free again on the chain as it now is.
  await claim(4_000_000n)
  await chain.mineBlocks(3)
  expect(await book.refresh({ unredeemedWei: 0n })).toMatchObject({ reconciles: true })
  const after = wholeLedger()
  expect(after.rows[0]).toMatchObject({ kind: 'claim', amountWei: String(-parseEther('4')) })
  expect(after.total).toBe(before.total + 1)
  const { book: fresh, close: closeFresh } = openBook('fresh')
  await fresh.refresh({ unredeemedWei: 0n })
  expect(fresh.ledger({ offset: 0, limit: 200 })).toEqual(after)
  closeFresh()
}, 60_000)

test('a server that hides a claim is found out', async () => {
  const { book: deceived, close: closeDeceived } = openBook('deceived')
  const { provider } = chain.chain
  const honest = provider.getLogs.bind(provider)
  provider.getLogs = async (filter) => (await honest(filter)).slice(0, -1)
  try {
    expect(await deceived.refresh({ unredeemedWei: 0n })).toMatchObject({ reconciles: false })
    expect(deceived.ledger({ offset: 0, limit: 1 }).sums).toMatchObject({ reconciles: false })
  } finally {
    provider.getLogs = honest
    closeDeceived()
  }
}, 30_000)
