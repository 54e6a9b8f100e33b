import { mkdtempSync, openSync, rmSync, writeSync, closeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { silentLog } from '../../api/values.ts'
import { rootText } from './piece-root.ts'
import { choosePrices, defaultPrices, priceFloorRoundedUp, proofGas } from './prices.ts'
import { runScrub } from './scrub.ts'
import { everythingAllowed } from './testing/everything-allowed.ts'
import { openTestStore } from './testing/open-test-store.ts'
import { randomPiece } from './testing/random-piece.ts'
import { createThrottle } from '../../upkeep/throttle.ts'

const top = mkdtempSync(join(tmpdir(), 'hearth-rules-'))
afterAll(() => rmSync(top, { recursive: true, force: true }))

describe('prices', () => {
  it('pay for four proofs of a set of one full piece, whatever gas costs', () => {
    const wei = fc.bigInt({ min: 1n, max: 10n ** 21n })
    fc.assert(
      fc.property(wei, wei, (gasPriceWei, nativeWeiPerToken) => {
        const { pricePerGiBPeriodWei } = choosePrices(null, priceFloorRoundedUp(gasPriceWei, nativeWeiPerToken))
        const earned = (pricePerGiBPeriodWei * 16n) / 1024n
        const fourProofs = (4n * proofGas * gasPriceWei * 10n ** 18n) / nativeWeiPerToken
        expect(earned).toBeGreaterThanOrEqual(fourProofs)
      }),
    )
  })

  it('stay as published while gas moves a little, and follow when it moves much', () => {
    const published = { ...defaultPrices, pricePerGiBPeriodWei: defaultPrices.pricePerGiBPeriodWei * 2n, sequence: 3 }
    const { sequence: _sequence, ...prices } = published
    expect(choosePrices(published, 0n)).toEqual(prices)
    expect(choosePrices(published, published.pricePerGiBPeriodWei)).toEqual(prices)
    expect(choosePrices(published, published.pricePerGiBPeriodWei + 1n)).toMatchObject({
      pricePerGiBPeriodWei: published.pricePerGiBPeriodWei + 1n,
    })
    expect(choosePrices({ ...published, pricePerGiBPeriodWei: published.pricePerGiBPeriodWei * 10n }, 0n)).toEqual(
      defaultPrices,
    )
    expect(choosePrices({ ...published, minimumBytesPerSecond: 1 }, 0n)).toEqual(defaultPrices)
  })
})

describe('a throttle', () => {
  it('holds the rate, lets a large chunk pass once, and follows a changed rate', async () => {
    let rate: number | null = 100_000
    const throttle = createThrottle(() => rate)
    const began = performance.now()
    for (let chunk = 0; chunk < 5; chunk++) await throttle.pass(20_000)
    const tookMs = performance.now() - began
    expect(tookMs).toBeGreaterThan(600)
    rate = null
    const free = performance.now()
    for (let chunk = 0; chunk < 1000; chunk++) await throttle.pass(1_000_000)
    expect(performance.now() - free).toBeLessThan(500)
  })

  it('at zero lets nothing pass until it is cancelled', async () => {
    const throttle = createThrottle(() => 0)
    await expect(throttle.pass(1, AbortSignal.timeout(300))).rejects.toThrow()
  })
})

describe('the scrub', () => {
  it('finds a flipped bit that nobody asked for', async () => {
    const open = await openTestStore(join(top, 'store'), () => everythingAllowed)
    const [good, bad] = [randomPiece(200_000), randomPiece(300_000)]
    for (const piece of [good, bad]) {
      const bytes = (async function* () {
        yield piece.bytes
      })()
      const announced = { root: rootText(piece.root), lengthBytes: piece.bytes.length, customer: `0x${'c'.repeat(40)}` }
      await open.store.store({ ...announced, keepUntilSeconds: 4_000_000_000 }, bytes)
    }
    const file = openSync(join(open.workDirectory, 'pieces', bad.rootText.slice(2, 4), bad.rootText.slice(2)), 'r+')
    writeSync(file, Buffer.of(bad.bytes[123_456]! ^ 4), 0, 1, 123_456)
    closeSync(file)
    const stop = new AbortController()
    const inAMonth = Date.now() + 30 * 24 * 3600 * 1000
    const options = { store: open.store, log: silentLog, signal: stop.signal, mayRead: () => true, now: () => inAMonth }
    const scrub = runScrub(options)
    await expect
      .poll(() => open.events.filter((event) => event.kind === 'pieceDamaged'), { timeout: 10_000 })
      .toEqual([{ kind: 'pieceDamaged', root: bad.rootText, blockIndex: Math.floor(123_456 / 32_768) }])
    stop.abort()
    await scrub
    expect(open.index.piece(rootText(good.root))?.damaged).toBe(false)
    open.close()
  })
})
