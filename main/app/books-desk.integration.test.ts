import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { epochOf, readEpochClock, readLatestBlock } from '../../contracts/client/index.ts'
import { earningsOverviewSchema, ledgerPageSchema, rewardCheckSchema } from '../api/earnings.ts'
import type { SaveQuestion } from '../api/platform.ts'
import { defaultSettings } from '../api/settings.ts'
import { openEarningsBook } from '../earnings/index.ts'
import { openConsentWorld, type ConsentWorld } from '../earnings/testing/consent-world.ts'
import { openConditionsLedger, openEarningHistory, openGasLedger } from '../store/index.ts'
import { createBooksDesk, type BooksParts, type BooksSession } from './books-desk.ts'

let world: ConsentWorld
let session: BooksSession
let close: () => void
let settings = defaultSettings
let folder: string

beforeAll(async () => {
  world = await openConsentWorld()
  await world.give({ kind: 'authorize' })
  await world.earn('40')
  await world.give({ kind: 'claim', micro: '3000000' })
  const state = world.home.stateDirectory()
  const history = openEarningHistory(join(state, 'earnings.sqlite'), 'test')
  const gas = openGasLedger(join(state, 'gas.sqlite'))
  const conditions = openConditionsLedger(join(state, 'conditions.sqlite'), 'test')
  const [chain, operator] = [world.chain.chain, world.operator.address]
  const book = openEarningsBook({ chain, operator, nodes: [], history, gas })
  session = { chain, operator, book, conditions }
  close = () => [history, gas, conditions].forEach((store) => store.close())
  folder = join(world.home.directory, 'exports')
  mkdirSync(folder)
}, 60_000)

afterAll(async () => {
  close()
  await world.close()
})

/** A desk whose save dialog answers with a path, and what it was asked. */
function desk(answer: string | null, parts: Partial<BooksParts> = {}) {
  const asked: SaveQuestion[] = []
  const chooseSavePath = async (question: SaveQuestion) => {
    asked.push(question)
    return answer
  }
  const change: BooksParts['change'] = async (by) => void (settings = by(settings))
  const books = createBooksDesk({
    ...{ session: () => session, platform: { chooseSavePath }, settings: () => settings, change },
    ...parts,
  })
  return { books, asked }
}

test('without a network, and before the chain was read, the page is told why it is empty', async () => {
  const { books } = desk(null, { session: () => null })
  await expect(books.overview()).rejects.toMatchObject({ code: 'NETWORK_STARTING' })
  await expect(books.ledger({ offset: 0, limit: 5 })).rejects.toMatchObject({ code: 'NETWORK_STARTING' })
  await expect(desk(null).books.overview()).rejects.toMatchObject({ code: 'BOOKS_UNREAD' })
})

test('answers with what the agreed messages allow, at the present price of gas', async () => {
  await session.book.refresh({ unredeemedWei: 0n })
  const { books } = desk(null)
  const overview = earningsOverviewSchema.parse(await books.overview())
  expect(overview).toMatchObject({ reconciles: true, advice: { verdict: 'worthIt', ownMinimumMicro: '0' } })
  expect(BigInt(overview.advice.gasWei)).toBeGreaterThan(0n)
  const page = ledgerPageSchema.parse(await books.ledger({ offset: 0, limit: 1 }))
  expect(page).toMatchObject({ total: 2, rows: [{ kind: 'claim', amountWei: '-3000000000000000000' }] })
})

test('the own minimum is kept in the settings and heeded by the advice', async () => {
  const { books } = desk(null)
  await books.setMinimum({ micro: '0099000000' })
  expect(settings.claimMinimumMicro).toBe('99000000')
  expect((await books.overview()).advice).toMatchObject({ verdict: 'belowOwnMinimum', ownMinimumMicro: '99000000' })
})

test('an export goes where the person chose, with notes beside it, and nowhere when they changed their mind', async () => {
  const none = { kind: 'none' } as const
  expect(await desk(null).books.saveCsv({ price: none })).toEqual({ savedAs: null, rows: 0 })
  const path = join(folder, 'mine.csv')
  const { books, asked } = desk(path)
  const price = { kind: 'fixed', price: '0.5', currency: 'EUR' } as const
  expect(await books.saveCsv({ price })).toEqual({ savedAs: path, rows: 2 })
  expect(asked[0]!.suggestedName).toMatch(/^hearth-earnings-\d{4}-\d{2}-\d{2}\.csv$/)
  expect(readdirSync(folder).toSorted()).toEqual(['mine.csv', 'mine.csv.notes.txt'])
  expect(readFileSync(path, 'utf8').trimEnd().split('\r\n').length).toBe(3)
  expect(readFileSync(path, 'utf8')).toContain(',EUR,0.5,,19.00000000')
  expect(readFileSync(`${path}.notes.txt`, 'utf8')).toMatch(/half to even/)
})

test('an export that cannot be made says so: wrong prices before anybody is asked, no window, no such folder', async () => {
  const path = join(folder, 'old.csv')
  writeFileSync(path, 'old')
  const { books, asked } = desk(path)
  const wrong = { kind: 'table', csv: '2026-13-01,1', currency: 'EUR' } as const
  await expect(books.saveCsv({ price: wrong })).rejects.toMatchObject({ code: 'PRICES_WRONG' })
  expect(asked).toEqual([])
  expect(readFileSync(path, 'utf8')).toBe('old')
  const price = { kind: 'none' } as const
  const headless = desk(null, { platform: { chooseSavePath: null } })
  await expect(headless.books.saveCsv({ price })).rejects.toMatchObject({ code: 'NO_DIALOG' })
  const nowhere = desk(join(folder, 'missing', 'x.csv'))
  await expect(nowhere.books.saveCsv({ price })).rejects.toMatchObject({ code: 'EXPORT_UNWRITABLE' })
})

test('an epoch that is over is recomputed and compared; one that runs is refused', async () => {
  const { books } = desk(null)
  const clock = await readEpochClock(world.chain.chain)
  const epoch = epochOf((await readLatestBlock(world.chain.chain)).timestampSeconds, clock)
  await expect(books.verifyReward({ epoch: epoch + 5 })).rejects.toMatchObject({ code: 'EPOCH_NOT_OVER' })
  await world.chain.passSeconds(clock.epochSeconds)
  const paidIn = session.book.overview({ terms: { gasWei: 0n, nativeWeiPerToken: 0n, ownMinimumMicro: 0n } })
  expect(paidIn.reconciles).toBe(true)
  const checks = await Promise.all(
    [epoch - 1, epoch].filter((number) => number > 0).map((number) => books.verifyReward({ epoch: number })),
  )
  const mine = checks.map((check) => rewardCheckSchema.parse(check)).find((check) => check.operators > 0)
  expect(mine).toMatchObject({ operators: 1, equal: true })
  expect(BigInt(mine!.contractWei)).toBeGreaterThan(0n)
  expect(mine!.recomputedWei).toBe(mine!.contractWei)
}, 60_000)
