import { randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { listDataSets, listPieces, readHeir } from '../../../contracts/client/index.ts'
import { openManifest } from '../protocol/manifest-envelope.ts'
import { customerSecret } from './context.ts'
import { followHeirs } from './follow-heirs.ts'
import { getFile } from './get-file.ts'
import { nodeCipher } from './node-crypto.ts'
import { putFile } from './put-file.ts'
import { startMarketTown, type MarketTown } from './testing/start-market-town.ts'

let town: MarketTown
let bytes: Buffer
let manifest: Uint8Array
let holders: string[]

const opened = () => openManifest(nodeCipher, customerSecret(town.context.wallet), manifest)
const setOf = async (node: string) =>
  (await listDataSets(town.test.chain, { node })).find((set) => set.customer === town.context.wallet.address)
const provider = (node: string) => town.providers.get(node)!

beforeAll(async () => {
  town = await startMarketTown({ providers: 16 })
  bytes = randomBytes(2_000_000)
  writeFileSync(join(town.directory, 'file'), bytes)
  manifest = (await putFile(town.context, { source: join(town.directory, 'file'), pathName: 'file' })).manifest
  holders = opened().segments[0]!.pieces.map((piece) => piece.node)
}, 180_000)

afterAll(() => town?.stop(), 60_000)

describe('a home that leaves', () => {
  it('hands its pieces to a home of another person, and the chain names the heir', async () => {
    const leaver = holders[0]!
    provider(leaver).setAllowance({ work: 'paused', reason: 'leaving', leaving: { forfeitAgreed: false } })
    await expect
      .poll(() => provider(leaver).eventsOf('setHandedOver').length, { timeout: 60_000, interval: 500 })
      .toBe(1)
    const heir = (await readHeir(town.test.chain, town.context.wallet.address, leaver))!
    expect(holders).not.toContain(heir)
    expect(await listPieces(town.test.chain, town.context.wallet.address, heir)).toHaveLength(1)
    expect((await setOf(leaver))?.state).toBe('dropping')
  }, 90_000)

  it('goes once its last period is over: nothing is held, and the customer has the rest of the escrow', async () => {
    const leaver = holders[0]!
    await expect
      .poll(
        async () => {
          await town.test.passSeconds(5)
          return provider(leaver).role.status().leaving?.done
        },
        { timeout: 60_000, interval: 1_000 },
      )
      .toBe(true)
    expect((await setOf(leaver))?.escrowWei).toBe(0n)
  }, 90_000)

  it('is followed to its heir by the customer, who gets the file back without it', async () => {
    const followed = await followHeirs(town.test.chain, town.context.wallet.address, opened())
    const now = followed.segments[0]!.pieces.map((piece) => piece.node)
    expect(now).not.toContain(holders[0])
    expect(new Set(followed.segments[0]!.pieces.map((piece) => piece.operator)).size).toBe(now.length)
    // Three of the first homes stay: without the heir there are too few pieces.
    await town.end(holders.filter((_, at) => ![6, 7, 11].includes(at)))
    const output = join(town.directory, 'back')
    await getFile(town.context, { manifest, output })
    expect(readFileSync(output).equals(bytes)).toBe(true)
  }, 90_000)

  it('stays and works on when the wish is taken back before anything was handed over', async () => {
    const stayer = holders[6]!
    provider(stayer).setAllowance({ work: 'paused', reason: 'leaving', leaving: { forfeitAgreed: true } })
    provider(stayer).setAllowance({ work: 'full', reason: 'allowed', leaving: null })
    // Two rounds of the leaver: had it not heard, the set would be given up by now.
    await new Promise((done) => setTimeout(done, 7_000))
    expect(provider(stayer).role.status().leaving ?? null).toBeNull()
    expect((await setOf(stayer))?.state).toBe('active')
  }, 30_000)

  it('gives a set up only when the person agreed, for one period and one fault', async () => {
    const leaver = holders[7]!
    // Everybody who could take over is gone or holds a piece already.
    await town.end([...town.providers.keys()].filter((node) => !holders.includes(node)))
    provider(leaver).setAllowance({ work: 'paused', reason: 'leaving', leaving: { forfeitAgreed: false } })
    await expect
      .poll(() => provider(leaver).role.status().leaving?.stuckReason ?? null, { timeout: 60_000, interval: 500 })
      .not.toBeNull()
    expect((await setOf(leaver))?.state).toBe('active')
    provider(leaver).setAllowance({ leaving: { forfeitAgreed: true } })
    await expect.poll(async () => (await setOf(leaver))?.state, { timeout: 60_000, interval: 500 }).toBe('ended')
    const set = await setOf(leaver)
    expect(set?.escrowWei).toBe(0n)
    await expect.poll(() => provider(leaver).eventsOf('setForfeited').length, { timeout: 20_000 }).toBe(1)
  }, 150_000)
})
