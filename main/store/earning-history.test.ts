import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openEarningHistory } from './earning-history.ts'
import type { EarningHistory, GatheredRow } from './earning-history.ts'
import { openGasLedger } from './gas-ledger.ts'
import { openPieceLedger } from './piece-ledger.ts'

let directory: string

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'hearth-history-'))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

const row = (blockNumber: number, logIndex = 0, given: Partial<GatheredRow> = {}): GatheredRow => ({
  blockNumber,
  logIndex,
  part: 1,
  transactionHash: `0x${'bb'.repeat(32)}`,
  atSeconds: 1000 + blockNumber,
  kind: 'work',
  role: 'storage',
  node: `0x${'11'.repeat(20)}`,
  customer: null,
  work: 'storageProof',
  amountWei: 2n ** 70n + BigInt(blockNumber),
  burnedWei: 1n,
  ...given,
})

/** A reward is due a second after its role was last paid, for these tests. */
const dueSeconds = (ofSeconds: number) => ofSeconds + 1

const known = (gathered: GatheredRow, ofSeconds: number | null = null) => ({ ...gathered, ofSeconds })
const all = (history: EarningHistory) => history.after(null, 1000)

describe('the history of earnings', () => {
  test('is found again after a restart, to the wei', () => {
    const path = join(directory, 'earnings.sqlite')
    const history = openEarningHistory(path, 'chain/operator')
    history.append([row(5), row(7, 1), row(7, 0)], { blockNumber: 9, blockHash: '0x09' }, dueSeconds)
    history.close()
    const again = openEarningHistory(path, 'chain/operator')
    expect(all(again)).toEqual([row(5), row(7, 0), row(7, 1)].map((one) => known(one)))
    expect(again.checkpoints()).toEqual([{ blockNumber: 9, blockHash: '0x09' }])
    again.close()
  })

  test('gathered twice counts once', () => {
    const history = openEarningHistory(join(directory, 'a.sqlite'), 'x')
    history.append([row(5)], { blockNumber: 5, blockHash: '0x05' }, dueSeconds)
    history.append([row(5)], { blockNumber: 6, blockHash: '0x06' }, dueSeconds)
    expect(all(history).length).toBe(1)
    history.close()
  })

  test('forgets what came after a block that the chain no longer has', () => {
    const history = openEarningHistory(join(directory, 'a.sqlite'), 'x')
    history.append([row(5)], { blockNumber: 5, blockHash: '0x05' }, dueSeconds)
    history.append([row(8)], { blockNumber: 9, blockHash: '0x09' }, dueSeconds)
    history.rewindTo(5)
    expect(all(history).map((event) => event.blockNumber)).toEqual([5])
    expect(history.checkpoints().map((mark) => mark.blockNumber)).toEqual([5])
    history.rewindTo(null)
    expect(all(history)).toEqual([])
    history.close()
  })

  test('knows of a reward when its role was last paid before, and dates it by that', () => {
    const history = openEarningHistory(join(directory, 'a.sqlite'), 'x')
    const reward = (blockNumber: number, role: 'storage' | 'render' | 'indexing') =>
      row(blockNumber, 0, { part: 0, kind: 'reward', role, node: null, work: null })
    const end = { blockNumber: 9, blockHash: '0x09' }
    history.append([row(4), row(5, 0, { role: 'render' })], end, dueSeconds)
    history.append([reward(7, 'storage'), row(7), reward(8, 'storage'), row(8), reward(9, 'indexing')], end, dueSeconds)
    expect(all(history).map(({ kind, ofSeconds, atSeconds }) => [kind, ofSeconds, atSeconds])).toEqual([
      ['work', null, 1004],
      ['work', null, 1005],
      ['reward', 1004, 1005],
      ['work', null, 1007],
      ['reward', 1007, 1008],
      ['work', null, 1008],
      ['reward', null, 1009],
    ])
    history.close()
  })

  test('is read from either end, in parts, up to a block', () => {
    const history = openEarningHistory(join(directory, 'a.sqlite'), 'x')
    history.append([row(5), row(7, 0), row(7, 1), row(9)], { blockNumber: 9, blockHash: '0x09' }, dueSeconds)
    const brief = (rows: ReturnType<typeof all>) => rows.map((one) => `${one.blockNumber}.${one.logIndex}`)
    expect(brief(history.newest({ throughBlock: 9, offset: 0, limit: 2 }))).toEqual(['9.0', '7.1'])
    expect(brief(history.newest({ throughBlock: 7, offset: 1, limit: 9 }))).toEqual(['7.0', '5.0'])
    expect(brief(history.after({ blockNumber: 7, logIndex: 0, part: 1 }, 9))).toEqual(['7.1', '9.0'])
    expect(brief(history.oldest({ atSeconds: 1007, blockNumber: 7, logIndex: 0, part: 1 }, 9))).toEqual(['7.1', '9.0'])
    expect(history.countLater({ throughBlock: 7, atSeconds: 1005 })).toBe(2)
    history.close()
  })

  test('of another chain or operator is not mixed in', () => {
    const path = join(directory, 'a.sqlite')
    const history = openEarningHistory(path, 'practice one')
    history.append([row(5)], { blockNumber: 5, blockHash: '0x05' }, dueSeconds)
    history.close()
    const other = openEarningHistory(path, 'practice two')
    expect(all(other)).toEqual([])
    expect(other.checkpoints()).toEqual([])
    other.close()
  })
})

describe('the story of pieces', () => {
  const piece = { root: '0xaa', customer: '0xBB', lengthBytes: 7, storedAtMs: 3 }

  test('tells each piece of a customer once, newest first, and which was found damaged', () => {
    const path = join(directory, 'pieces.sqlite')
    const ledger = openPieceLedger(path, 'one')
    ledger.stored(piece)
    ledger.stored(piece)
    ledger.stored({ ...piece, root: '0xcc', storedAtMs: 5 })
    ledger.damaged('0xaa')
    expect(ledger.count()).toBe(2)
    expect(ledger.list({ offset: 0, limit: 9 }).map(({ root, damaged }) => [root, damaged])).toEqual([
      ['0xcc', false],
      ['0xaa', true],
    ])
    ledger.removed('0xcc')
    ledger.close()
    const again = openPieceLedger(path, 'one')
    expect(again.list({ offset: 0, limit: 9 })).toMatchObject([{ root: '0xaa', customer: '0xbb', lengthBytes: 7 }])
    again.close()
  })

  test('begins anew on another network', () => {
    const path = join(directory, 'pieces.sqlite')
    const ledger = openPieceLedger(path, 'one')
    ledger.stored(piece)
    ledger.close()
    const other = openPieceLedger(path, 'two')
    expect(other.count()).toBe(0)
    other.close()
  })
})

describe('the gas ledger', () => {
  test('counts one network, or all', () => {
    const path = join(directory, 'gas.sqlite')
    const spend = (network: string, transactionHash: string) => {
      const ledger = openGasLedger(path, network)
      ledger.add({ transactionHash, atMs: 1, purpose: 'seedOpen', spentWei: 5n })
      const spent = ledger.spentSinceWei(0)
      ledger.close()
      return spent
    }
    expect([spend('one', '0x01'), spend('two', '0x02'), spend('two', '0x03')]).toEqual([5n, 5n, 10n])
    const all = openGasLedger(path)
    expect(all.spentSinceWei(0)).toBe(15n)
    all.close()
  })

  test('adds up wei beyond 64 bits and counts a transaction once', () => {
    const ledger = openGasLedger(join(directory, 'gas.sqlite'))
    const spending = { transactionHash: '0x01', atMs: 50, purpose: 'storageProof', spentWei: 2n ** 80n }
    ledger.add(spending)
    ledger.add(spending)
    ledger.add({ ...spending, transactionHash: '0x02', atMs: 10 })
    expect(ledger.spentSinceWei(0)).toBe(2n ** 81n)
    expect(ledger.spentSinceWei(20)).toBe(2n ** 80n)
    ledger.close()
  })
})
