import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEther, type Wallet } from 'ethers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { encodeTransfer, readRepairNaming, sendAndWait } from '../../../contracts/client/index.ts'
import { boundNode } from '../../../contracts/script/testing/actors.ts'
import type { CustomerContext } from '../../../roles/storage/customer/context.ts'
import { endRepairer, nameRepairer } from '../../../roles/storage/customer/name-repairer.ts'
import { putFile } from '../../../roles/storage/customer/put-file.ts'
import { readStoreStatus } from '../../../roles/storage/customer/store-status.ts'
import { startMarketTown, type MarketTown } from '../../../roles/storage/customer/testing/start-market-town.ts'
import { repairByTickets } from './repair-tickets.ts'
import { openTicketFolder, type TicketFolder } from './ticket-folder.ts'

let town: MarketTown
let neighbour: Wallet
let repairer: CustomerContext
let tickets: TicketFolder
let manifest: Uint8Array
let working: Promise<void>
const stopping = new AbortController()
const problems: string[] = []
let moved = 0
let holders: string[]

const statusOf = async () => (await readStoreStatus(town.context, manifest)).repairers[0]
const naming = () =>
  readRepairNaming(town.test.chain, { customer: town.context.wallet.address, repairer: neighbour.address })

/** Names the neighbour and hands it the ticket. */
async function name(budget: string): Promise<void> {
  const budgetWei = parseEther(budget)
  const named = await nameRepairer(town.context, { manifest, repairer: neighbour.address, budgetWei })
  await tickets.add(named.ticket)
}

beforeAll(async () => {
  town = await startMarketTown({ providers: 20 })
  writeFileSync(join(town.directory, 'file'), randomBytes(20_000))
  manifest = (await putFile(town.context, { source: join(town.directory, 'file'), pathName: 'file' })).manifest
  neighbour = (await boundNode(town.test)).node
  await (await town.test.funder.sendTransaction({ to: neighbour.address, value: parseEther('10') })).wait(1, 20_000)
  const tokens = encodeTransfer(town.test.network, { to: neighbour.address, amountWei: parseEther('1000') })
  await sendAndWait(town.test.funder, tokens, { timeoutMs: 20_000 })
  repairer = await town.open(neighbour, 'repairer')
  tickets = openTicketFolder(join(town.directory, 'neighbour'))
  working = repairByTickets({
    tickets,
    open: () => Promise.resolve({ context: repairer, close: () => Promise.resolve() }),
    lookEveryMs: 1_000,
    onOutcome: ({ piecesMoved }) => void (moved += piecesMoved),
    onProblem: (message) => problems.push(message),
    signal: stopping.signal,
  })
}, 240_000)

afterAll(async () => {
  stopping.abort()
  await working
  await town?.stop()
}, 60_000)

describe('a neighbour that was named as repairer', () => {
  it('throws away what is no ticket of its own, and says so', async () => {
    await tickets.add(randomBytes(200))
    await expect.poll(() => problems, { timeout: 20_000 }).toHaveLength(1)
    await expect.poll(() => tickets.list(), { timeout: 5_000 }).toEqual([])
  }, 30_000)

  it('repairs with its ticket what the budget pays for, and the customer sees that it is used up', async () => {
    // A tenth of a token for each piece that is moved, and a little for its new home: six cannot be paid from this.
    await name('0.35')
    expect(await statusOf()).toMatchObject({ node: neighbour.address, piecesPaid: 3 })
    holders = (await readStoreStatus(town.context, manifest)).providers.map(({ node }) => node)
    await town.end(holders.slice(0, 6))
    await town.test.passSeconds(100)
    await expect.poll(() => moved, { timeout: 200_000, interval: 1_000 }).toBeGreaterThan(0)
    expect(moved).toBeLessThanOrEqual(3)
    expect((await naming())!.budgetWei).toBeLessThan(parseEther('0.15'))
  }, 240_000)

  it('stops when the budget is used up, goes on when the customer adds to it, and keeps one ticket of a file', async () => {
    await town.end(holders.slice(6, 9))
    await town.test.passSeconds(100)
    await expect.poll(() => problems.at(-1), { timeout: 200_000, interval: 1_000 }).toMatch(/budget .* used up/)
    expect(await statusOf()).toMatchObject({ piecesPaid: 0 })
    const before = moved
    await name('100')
    await expect.poll(() => moved - before, { timeout: 200_000, interval: 1_000 }).toBeGreaterThan(0)
    expect(await tickets.list()).toHaveLength(1)
    expect((await statusOf())!.piecesPaid).toBeGreaterThan(0)
  }, 420_000)

  it('throws the ticket away once it is named no more', async () => {
    const { endsAtSeconds, nowSeconds } = await endRepairer(town.context, { repairer: neighbour.address })
    await town.test.passSeconds(endsAtSeconds - nowSeconds + 1)
    await expect.poll(async () => (await tickets.list()).length, { timeout: 60_000, interval: 500 }).toBe(0)
  }, 90_000)
})
