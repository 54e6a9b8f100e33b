import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { epochOf } from '../../contracts/client/index.ts'
import { ledgerRowSchema } from '../api/earnings.ts'
import { openEarningHistory, type EarningHistory, type GatheredRow } from '../store/index.ts'
import { countOpenRewards, ledgerRows, oldestFirst } from './ledger-page.ts'
import { dueSecondsOf, type OpenReward } from './open-rewards.ts'
import { bookArbitrary, outRow, rewardRow, testClock, workRow } from './testing/rows.ts'

const clock = testClock
let directory: string
let count = 0

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'hearth-ledger-'))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

function historyOf(rows: readonly GatheredRow[]): EarningHistory {
  const history = openEarningHistory(join(directory, `${count++}.sqlite`), 'model')
  const dueSeconds = (ofSeconds: number) => dueSecondsOf(epochOf(ofSeconds, clock), clock)
  history.append(rows, { blockNumber: rows.at(-1)?.blockNumber ?? 0, blockHash: '0x' }, dueSeconds)
  return history
}

const open = (epoch: number, given: Partial<OpenReward> = {}): OpenReward => ({
  role: 'render',
  epoch,
  wei: 3n,
  atSeconds: dueSecondsOf(epoch, clock),
  running: false,
  ...given,
})

const openArbitrary = fc
  .array(
    fc.record({ epoch: fc.integer({ min: 1, max: 30 }), wei: fc.bigInt({ min: 0n, max: 9n }), running: fc.boolean() }),
    {
      maxLength: 5,
    },
  )
  .map((list) => list.map(({ epoch, ...given }) => open(epoch, given)))

const everything = { clock, throughBlock: 1_000_000 }

test('pages put together are the whole ledger, newest first, whatever their size', () => {
  fc.assert(
    fc.property(bookArbitrary, openArbitrary, fc.integer({ min: 1, max: 17 }), (rows, openRewards, limit) => {
      const history = historyOf(rows)
      const ask = { history, openRewards, ...everything }
      const all = [...oldestFirst(ask)].toReversed()
      const paged = []
      for (let offset = 0; offset <= all.length; offset += limit) paged.push(...ledgerRows({ ...ask, offset, limit }))
      expect(paged.map((row) => row.atMs)).toEqual(all.map((row) => row.atMs))
      expect(new Set(paged.map((row) => row.id)).size).toBe(new Set(all.map((row) => row.id)).size)
      expect(paged.length).toBe(rows.length + countOpenRewards(openRewards))
      expect(paged.map((row) => row.atMs)).toEqual(paged.map((row) => row.atMs).toSorted((a, b) => b - a))
      history.close()
    }),
    { numRuns: 60 },
  )
})

test('every line names its work and its transaction, a reward its epoch, and what leaves is negative', () => {
  const hash = (block: number) => `0x${block.toString(16).padStart(64, '0')}`
  const nobody = { node: null, customer: null, work: null }
  const history = historyOf([
    workRow(1, 610),
    // A payment of another role in between is not what the share belongs to.
    workRow(2, 665, { role: 'render', work: 'voucher' }),
    rewardRow(3, 725),
    workRow(3, 725, { work: 'repair' }),
    outRow(4, 730, { kind: 'stake', amountWei: 7n }),
    outRow(5, 731, { kind: 'claim', amountWei: 11n }),
  ])
  const rows = ledgerRows({ history, openRewards: [open(2)], ...everything, offset: 0, limit: 20 })
  const brief = rows.map(({ kind, work, epoch, amountWei, transactionHash, role }) => [
    ...[kind, work, epoch, amountWei, transactionHash, role],
  ])
  expect(brief).toEqual([
    ['claim', null, null, '-11', hash(5), null],
    ['stake', null, null, '-7', hash(4), null],
    ['work', 'repair', null, '95', hash(3), 'storage'],
    ['reward', null, 2, '3', null, 'render'],
    ['work', 'voucher', null, '95', hash(2), 'render'],
    // Settled in the block of the repair, but due since its epoch ended.
    ['reward', null, 1, '4', hash(3), 'storage'],
    ['work', 'storageProof', null, '95', hash(1), 'storage'],
  ])
  expect(rows[5]).toMatchObject({ ...nobody, atMs: 659_000 })
  expect(ledgerRowSchema.shape.amountWei.safeParse('-7').success).toBe(true)
  history.close()
})

test('lines after the block that was compared with the contract wait for the next look', () => {
  const history = historyOf([workRow(1, 610), workRow(2, 620), workRow(3, 630)])
  const asked = { history, openRewards: [], clock, throughBlock: 2 }
  expect(ledgerRows({ ...asked, offset: 0, limit: 9 }).map((row) => row.blockNumber)).toEqual([2, 1])
  expect([...oldestFirst(asked)].map((row) => row.blockNumber)).toEqual([1, 2])
  history.close()
})
