import { randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEther, type Wallet } from 'ethers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  encodeTransfer,
  listDataSets,
  readOperatorEarnings,
  readTokenBalance,
  sendAndWait,
} from '../../../contracts/client/index.ts'
import { boundNode } from '../../../contracts/script/testing/actors.ts'
import { openManifest } from '../protocol/manifest-envelope.ts'
import type { Manifest } from '../protocol/manifest.ts'
import type { RepairTicket } from '../protocol/repair-ticket.ts'
import { deriveSegmentKeys, pathKey, unwrapSegmentSecret } from '../protocol/segment-keys.ts'
import { customerSecret, type CustomerContext } from './context.ts'
import { getFile } from './get-file.ts'
import { endRepairer, nameRepairer, takeBackBudgets } from './name-repairer.ts'
import { nodeCipher } from './node-crypto.ts'
import { putFile } from './put-file.ts'
import { removeFile } from './remove-file.ts'
import { repairByTicket } from './repair-by-ticket.ts'
import { openTicket } from './repair-ticket-file.ts'
import { readStoreStatus } from './store-status.ts'
import { startMarketTown, type MarketTown } from './testing/start-market-town.ts'

let town: MarketTown
let bytes: Buffer
let manifest: Uint8Array
let repairNode: Wallet
let repairOperator: Wallet
let repairer: CustomerContext
let sealed: Uint8Array
let ticket: RepairTicket

const opened = (): Manifest => openManifest(nodeCipher, customerSecret(town.context.wallet), manifest)
const nodes = (): string[] => opened().segments[0]!.pieces.map((piece) => piece.node)

/** Gives an account coins for gas and tokens to fetch with. */
async function fund(account: string): Promise<void> {
  const coins = await town.test.funder.sendTransaction({ to: account, value: parseEther('10') })
  await coins.wait(1, 20_000)
  const tokens = encodeTransfer(town.test.network, { to: account, amountWei: parseEther('1000') })
  await sendAndWait(town.test.funder, tokens, { timeoutMs: 20_000 })
}

beforeAll(async () => {
  town = await startMarketTown({ providers: 20 })
  bytes = randomBytes(3_000_000)
  writeFileSync(join(town.directory, 'file'), bytes)
  manifest = (await putFile(town.context, { source: join(town.directory, 'file'), pathName: 'file' })).manifest
  ;({ node: repairNode, operator: repairOperator } = await boundNode(town.test))
  await fund(repairNode.address)
  repairer = await town.open(repairNode, 'repairer')
}, 240_000)

afterAll(() => town?.stop(), 60_000)

describe('a file whose customer named a repairer', () => {
  it('has a ticket that only the repairer opens', async () => {
    const budgetWei = parseEther('1000')
    const named = await nameRepairer(town.context, { manifest, repairer: repairNode.address, budgetWei })
    sealed = named.ticket
    ticket = openTicket(sealed, repairNode.privateKey)
    expect(ticket).toMatchObject({ customer: town.context.wallet.address, k: 4, n: 12 })
    expect(() => openTicket(sealed, town.context.wallet.privateKey)).toThrow('another repairer')
  }, 30_000)

  it('tells the repairer nothing that reads the file: no content key, no secret, no name', () => {
    const secret = customerSecret(town.context.wallet)
    const { fileSalt, pathName, segments } = opened()
    const key = pathKey(nodeCipher, secret, fileSalt, pathName)
    const segmentSecret = unwrapSegmentSecret(nodeCipher, key, 0, segments[0]!.wrappedSecret)
    const { contentKey, maskKey } = deriveSegmentKeys(nodeCipher, segmentSecret)
    const hex = (part: Uint8Array): string => Buffer.from(part).toString('hex')
    const told = JSON.stringify(ticket, (_, value: unknown) => (value instanceof Uint8Array ? hex(value) : value))
    expect(told).toContain(hex(maskKey))
    for (const hidden of [contentKey, segmentSecret, secret, key, fileSalt]) expect(told).not.toContain(hex(hidden))
    expect(told).not.toContain(pathName)
  })

  it('is left alone while its pieces are proven', async () => {
    expect(await repairByTicket(repairer, ticket)).toMatchObject({ kind: 'nothingDue', healthy: 12, piecesMoved: 0 })
  }, 30_000)

  it('gets its lost pieces back while the customer is away, and the repairer its fee once they are proven', async () => {
    const gone = nodes().slice(0, 6)
    await town.end(gone)
    await town.test.passSeconds(100)
    const look = async (): Promise<string> => (await repairByTicket(repairer, ticket)).kind
    await expect.poll(look, { timeout: 300_000, interval: 1_000 }).toBe('repaired')
    const { earnedWei } = await readOperatorEarnings(town.test.chain, repairOperator.address)
    expect(earnedWei).toBe(0n)
    const settled = async (): Promise<number> => {
      await repairByTicket(repairer, ticket)
      const { earnedWei, burnedWei } = await readOperatorEarnings(town.test.chain, repairOperator.address)
      return Number(earnedWei + burnedWei)
    }
    await expect.poll(settled, { timeout: 180_000, interval: 2_000 }).toBeGreaterThan(0)
  }, 500_000)

  it('comes back bit for bit with the old manifest, from the new homes alone', async () => {
    const status = await readStoreStatus(town.context, manifest)
    expect(status.healthy).toBeGreaterThanOrEqual(11)
    expect(status.piecesMoved).toBe(6)
    expect(status.providers.filter(({ node }) => nodes().slice(0, 6).includes(node))).toEqual([])
    await town.end(nodes().slice(6))
    const output = join(town.directory, 'back')
    await getFile(town.context, { manifest, output })
    expect(readFileSync(output).equals(bytes)).toBe(true)
  }, 60_000)

  it('gives its escrow back to the wei when the customer removes it', async () => {
    const { chain } = town.test
    const balance = (): Promise<bigint> => readTokenBalance(chain, town.context.wallet.address)
    const customer = town.context.wallet.address
    const before = await balance()
    const escrow = async (): Promise<bigint> =>
      (await listDataSets(chain, { customer })).reduce((sum, set) => sum + set.escrowWei, 0n)
    const all = await escrow()
    const first = await removeFile(town.context, { manifest })
    expect(first.sets.reduce((sum, set) => sum + set.pieces, 0)).toBe(12)
    expect(first.piecesWaiting).toBe(0)
    await town.test.passSeconds(40)
    const second = await removeFile(town.context, { manifest })
    // Nobody is left to prove, so what was in the sets that held it comes back whole.
    const inSets = first.sets.reduce((sum, { comesBackWei }) => sum + comesBackWei, 0n)
    expect(first.returnedWei + second.returnedWei).toBe(inSets)
    expect(second.outstandingWei).toBe(0n)
    expect((await balance()) - before).toBe(inSets)
    expect(await escrow()).toBe(all - inSets)
  }, 60_000)

  it('gives the rest of the budget back to the wei once the naming is over', async () => {
    const before = await readTokenBalance(town.test.chain, town.context.wallet.address)
    const ending = await endRepairer(town.context, { repairer: repairNode.address })
    await town.test.passSeconds(ending.endsAtSeconds - ending.nowSeconds + 1)
    await expect(repairByTicket(repairer, ticket)).rejects.toMatchObject({ code: 'NOT_NAMED' })
    const [back] = await takeBackBudgets(town.context)
    expect(back).toMatchObject({ repairer: repairNode.address, amountWei: ending.budgetWei })
    const after = await readTokenBalance(town.test.chain, town.context.wallet.address)
    expect(after - before).toBe(ending.budgetWei)
    expect(await takeBackBudgets(town.context)).toEqual([])
  }, 60_000)
})
