import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Wallet } from 'ethers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { storageCatalogueProtocol } from '../../protocol/catalogue-frames.ts'
import { sealCatalogue } from '../../protocol/catalogue.ts'
import { customerSecret } from '../context.ts'
import { createMarket } from '../create-market.ts'
import type { Market } from '../market.ts'
import { nodeCipher } from '../node-crypto.ts'
import { putFile } from '../put-file.ts'
import { openStoredFile } from '../stored-file.ts'
import { startMarketTown, type MarketTown } from '../testing/start-market-town.ts'
import { askForCatalogue, checkCatalogue, leaveCatalogue, signCatalogue } from './exchange.ts'
import { chooseNewest, findKeepers, type Keeper } from './gather.ts'
import { keepInCatalogue } from './keep-in-catalogue.ts'
import { recoverManifests } from './recover-manifests.ts'

let town: MarketTown
let market: Market
let keepers: Keeper[]
const content = randomBytes(5000)

const bytesSource = (bytes: Buffer) => ({
  size: bytes.length,
  read: (position: number, target: Uint8Array) =>
    Promise.resolve(bytes.copy(target, 0, position, position + target.length)),
})

/** Providers whose disk is busy take nothing for a while; a put that meets them is tried again. */
async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await work()
    } catch (error) {
      if ((error as { code?: string }).code !== 'TOO_FEW_PROVIDERS' || tries === 20) throw error
      await delay(3_000)
    }
  }
}

async function store(pathName: string, bytes: Buffer): Promise<Uint8Array> {
  return (await patiently(() => putFile(town.context, { source: bytesSource(bytes), pathName }))).manifest
}

beforeAll(async () => {
  town = await startMarketTown({ providers: 15 })
  market = await createMarket(town.context)
}, 120_000)

afterAll(() => town?.stop(), 60_000)

describe('a customer that has lost its computer', () => {
  it('leaves every manifest with all its contributors', async () => {
    const one = await keepInCatalogue(town.context, await store('letters', content))
    expect(one).toMatchObject({ asked: 12, copies: 12 })
    await keepInCatalogue(town.context, await store('songs', randomBytes(100)))
    keepers = await findKeepers(market)
  }, 300_000)

  it('finds them again with nothing but its key, and gets its file', async () => {
    const elsewhere = { ...town.context, dataDirectory: join(town.directory, 'a new computer') }
    const { manifests, newest, silent } = await recoverManifests(elsewhere)
    expect(manifests.map(({ pathName }) => pathName).sort()).toEqual(['letters', 'songs'])
    expect([newest > 0, silent]).toEqual([true, []])
    const file = await openStoredFile(elsewhere, manifests.find(({ pathName }) => pathName === 'letters')!.manifest)
    expect(Buffer.from(await file.read(0, content.length)).equals(content)).toBe(true)
    file.close()
  }, 120_000)

  it('goes on from there: another home adds to the same list', async () => {
    const elsewhere = { ...town.context, dataDirectory: join(town.directory, 'a new computer') }
    await keepInCatalogue(elsewhere, await store('plans', randomBytes(10)))
    // The first home knows an older number and must not overwrite what the second added.
    await keepInCatalogue(town.context, await store('notes', randomBytes(10)))
    const { manifests } = await recoverManifests({ ...town.context, dataDirectory: join(town.directory, 'a third') })
    expect(manifests.map(({ pathName }) => pathName).sort()).toEqual(['letters', 'notes', 'plans', 'songs'])
  }, 300_000)

  it('moves a list that grows too long into a stored file, and still finds everything', async () => {
    const manifest = await store('one of many', randomBytes(10))
    const kept = await patiently(() => keepInCatalogue(town.context, manifest, { mostInlineBytes: 10_000 }))
    expect(kept.copies).toBeGreaterThan(0)
    const { manifests, missing } = await recoverManifests(town.context)
    expect([manifests.length, missing]).toEqual([5, []])
  }, 300_000)
})

describe('a provider of catalogues', () => {
  it('5.4 keeps none that the customer has not signed, and none that is older', async () => {
    const [{ peerId }] = keepers as [Keeper, ...Keeper[]]
    const now = await askForCatalogue(town.context, market, { peerId })
    const bytes = sealCatalogue(nodeCipher, customerSecret(town.context.wallet), now!.version + 1, [])
    const forged = await signCatalogue(
      { wallet: Wallet.createRandom() as unknown as Wallet },
      market,
      now!.version + 1,
      bytes,
    )
    await expect(leaveCatalogue(town.context, market, forged, { peerId })).rejects.toMatchObject({ code: 'REFUSED' })
    const old = await signCatalogue(town.context, market, now!.version - 1, bytes)
    expect(await leaveCatalogue(town.context, market, old, { peerId })).toEqual({ kept: false, version: now!.version })
    expect(await askForCatalogue(town.context, market, { peerId })).toEqual(now)
  })

  it('5.4 is asked in vain for somebody else, since only the connection says who asks', async () => {
    const [{ peerId }] = keepers as [Keeper, ...Keeper[]]
    const stream = await town.context.node.open(peerId, storageCatalogueProtocol, { timeoutMs: 5_000 })
    await stream.writeFrame({ kind: 'readCatalogue', ...market.network, customer: Wallet.createRandom().address })
    await expect(stream.readBytes(1, { timeoutMs: 5_000 }).next()).rejects.toMatchObject({ code: 'STREAM_CLOSED' })
  })
})

describe('5.4 a hostile provider of catalogues', () => {
  const secret = () => customerSecret(town.context.wallet)
  const signed = (version: number, ids: readonly string[]) => {
    const entries = ids.map(
      (id) => ({ kind: 'manifest', id, savedAtSeconds: version, sealed: new Uint8Array(3) }) as const,
    )
    return signCatalogue(town.context, market, version, sealCatalogue(nodeCipher, secret(), version, entries))
  }

  it('cannot roll the list back while one honest one answers', async () => {
    const answers = [
      ...(await Promise.all([1, 1, 1, 1].map((version) => signed(version, ['a'])))),
      await signed(2, ['a', 'b']),
    ]
    const chosen = chooseNewest(secret(), answers)
    expect(chosen).toMatchObject({ version: 2, newest: 1, older: 4 })
    expect(chosen.entries.map(({ id }) => id)).toEqual(['a', 'b'])
  })

  it('cannot forge one, nor give an old one a new number, nor one of another chain', async () => {
    const { address } = town.context.wallet
    const honest = await signed(3, ['a'])
    expect(checkCatalogue(address, market, honest)).toBe(honest)
    const bent = honest.bytes.slice()
    bent[40]! ^= 1
    const other = { network: { ...market.network, chainId: market.network.chainId + 1 } }
    for (const [one, where] of [
      [{ ...honest, version: 4 }, market],
      [{ ...honest, bytes: bent }, market],
      [{ ...honest, signature: `0x${'11'.repeat(65)}` }, market],
      [honest, other],
    ] as const) {
      expect(() => checkCatalogue(address, where, one)).toThrow(/not signed/)
    }
  })
})
