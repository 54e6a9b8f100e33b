import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { auditProvider, newProviderMemory } from './audit-provider.ts'
import { heirOf, homesOf, killAfter, proveAll, rootsAt, setOf, storeWithoutStrangers } from './leave-under-fire.ts'
import { get, type StoredFile } from './operations.ts'
import { reconcileBooks } from './reconcile-books.ts'
import { runChaos } from './run-chaos.ts'
import { startTown, type ChaosProvider, type ChaosTown } from './start-town.ts'

/** The short form of `npm run bench chaos`, on a seed of its own each time; a failure prints it. */
describe('providers and a customer killed with -9 at random moments', () => {
  it('lose nothing that they acknowledged, count nothing twice, and their books agree to the wei', async () => {
    const seed = Math.floor(Math.random() * 2 ** 31)
    const plan = ['put', 'get', 'put', 'proof', 'scrub', 'get'] as const
    const { wrong, kills, acknowledged, paidWei } = await runChaos({ kills: 12, providers: 16, seed, plan })
    expect(wrong, `seed ${seed}`).toEqual([])
    expect(Object.values(kills).reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(12)
    expect(acknowledged.pieces).toBeGreaterThan(0)
    expect(paidWei).toBeGreaterThan(0n)
  }, 240_000)
})

/** Graceful exit is resumable (DESIGN 5.1): both sides of a handover die again and again, at moments of their own. */
describe('a provider that leaves, killed with -9 in the middle of its handovers', () => {
  const intent = { askedAtMs: 1, forfeit: false }
  let town: ChaosTown
  let files: StoredFile[]
  const byPieces: ChaosProvider[] = []

  beforeAll(async () => {
    town = await startTown({ providers: 20 })
    files = await storeWithoutStrangers(town, { strangers: 4, files: 6, bytes: 2_000_000 })
    const held = new Map<ChaosProvider, number>()
    for (const provider of town.providers) held.set(provider, (await rootsAt(town, provider.node)).length)
    byPieces.push(...[...town.providers].sort((left, right) => held.get(right)! - held.get(left)!))
  }, 300_000)

  afterAll(() => town?.stop(), 60_000)

  const expectOneHome = async (roots: readonly string[]): Promise<void> => {
    for (const [root, homes] of await homesOf(town, roots)) expect([root, homes.length]).toEqual([root, 1])
  }
  const saidBy = (provider: ChaosProvider, kind: string) =>
    provider.said.filter((line) => line.kind === 'event' && line.event.kind === kind)
  const expectLeft = async (leaver: ChaosProvider): Promise<void> => {
    for (let period = 0; period < 4 && (await setOf(town, leaver))?.ended !== true; period++) {
      await proveAll(town)
      const ended = async () => (await setOf(town, leaver))?.ended
      await expect
        .poll(ended, { timeout: 20_000, interval: 500 })
        .toBe(true)
        .catch(() => undefined)
    }
    expect(await setOf(town, leaver)).toMatchObject({ state: 'ended', faults: 0 })
  }

  it('hands every piece to one home, and leaves, however often the leaver itself dies', async () => {
    const leaver = byPieces[0]!
    const roots = await rootsAt(town, leaver.node)
    expect(roots.length).toBeGreaterThan(2)
    leaver.process.setLeaving(intent)
    for (let death = 0; death < 5; death++) {
      if (death % 2 === 0) leaver.process.order({ kind: 'dieAt', boundaries: 1 + Math.floor(Math.random() * 12) })
      await killAfter(leaver, Math.random() * 2_500)
      await expectOneHome(roots)
    }
    await expect.poll(() => rootsAt(town, leaver.node), { timeout: 90_000, interval: 500 }).toEqual([])
    await expectOneHome(roots)
    await leaver.process.kill()
    await leaver.process.start()
    await expectLeft(leaver)
    await expect.poll(() => saidBy(leaver, 'leftStorage').length, { timeout: 30_000 }).toBe(1)
    await leaver.process.kill()
    await leaver.process.start()
    await new Promise((done) => setTimeout(done, 4_000))
    // Who has left says so once, not at every start.
    expect(saidBy(leaver, 'leftStorage')).toHaveLength(1)
  }, 300_000)

  it('gives them to one home too when the heir dies while it takes them over', async () => {
    const leaver = byPieces[1]!
    const roots = await rootsAt(town, leaver.node)
    leaver.process.setLeaving(intent)
    await expect.poll(() => heirOf(town, leaver), { timeout: 60_000, interval: 50 }).not.toBeNull()
    for (let death = 0; death < 2; death++) {
      const heir = await heirOf(town, leaver)
      heir?.process.order({ kind: 'dieAt', boundaries: 1 + Math.floor(Math.random() * 24) })
      if (heir !== null) await killAfter(heir, 2_000)
      await expectOneHome(roots)
    }
    await expect.poll(() => rootsAt(town, leaver.node), { timeout: 120_000, interval: 500 }).toEqual([])
    await expectOneHome(roots)
    await expectLeft(leaver)
  }, 300_000)

  it('may think better of it after a kill: what has gone stays there, and nothing more goes', async () => {
    const leaver = byPieces[2]!
    const roots = await rootsAt(town, leaver.node)
    leaver.process.setLeaving(intent)
    await expect.poll(() => heirOf(town, leaver), { timeout: 60_000, interval: 20 }).not.toBeNull()
    await leaver.process.kill()
    leaver.process.setLeaving(null)
    const left = await rootsAt(town, leaver.node)
    await leaver.process.start()
    await new Promise((done) => setTimeout(done, 4_000))
    expect(await rootsAt(town, leaver.node)).toEqual(left)
    await expectOneHome(roots)
    if (left.length > 0) expect((await setOf(town, leaver))?.state).toBe('active')
    expect(saidBy(leaver, 'leftStorage')).toEqual([])
  }, 120_000)

  it('leaves every file whole without those who left, and all books equal to the wei', async () => {
    await proveAll(town)
    for (const leaver of byPieces.slice(0, 2)) await leaver.process.kill()
    for (const file of files) expect(await get(town, file)).toMatchObject({ outcome: { kind: 'done' }, wrong: [] })
    for (const leaver of byPieces.slice(0, 2)) await leaver.process.start()
    const wrong = town.providers.flatMap((provider) => auditProvider(provider, newProviderMemory(), { all: true }))
    expect(wrong).toEqual([])
    const books = await reconcileBooks(town)
    expect(books.wrong).toEqual([])
    expect(books.paidWei).toBeGreaterThan(0n)
  }, 120_000)
})
