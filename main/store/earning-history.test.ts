import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openEarningHistory } from './earning-history.ts'
import type { Earning } from './earning-history.ts'
import { openGasLedger } from './gas-ledger.ts'
import { openPieceLedger } from './piece-ledger.ts'

let directory: string

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'hearth-history-'))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

const earning = (blockNumber: number, logIndex = 0): Earning => ({
  blockNumber,
  logIndex,
  blockHash: `0x${'aa'.repeat(32)}`,
  transactionHash: `0x${'bb'.repeat(32)}`,
  atSeconds: 1000 + blockNumber,
  role: 'storage',
  node: `0x${'11'.repeat(20)}`,
  customer: null,
  kind: 'storageProof',
  amountWei: 2n ** 70n + BigInt(blockNumber),
  burnedWei: 1n,
  rewardWei: 1n,
})

describe('the history of earnings', () => {
  test('is found again after a restart, to the wei', () => {
    const path = join(directory, 'earnings.sqlite')
    const history = openEarningHistory(path, 'chain/operator')
    history.append([earning(5), earning(7, 1), earning(7, 0)], { blockNumber: 9, blockHash: '0x09' })
    history.close()
    const again = openEarningHistory(path, 'chain/operator')
    expect(again.since(0)).toEqual([earning(5), earning(7, 0), earning(7, 1)])
    expect(again.checkpoints()).toEqual([{ blockNumber: 9, blockHash: '0x09' }])
    again.close()
  })

  test('gathered twice counts once', () => {
    const history = openEarningHistory(join(directory, 'a.sqlite'), 'x')
    history.append([earning(5)], { blockNumber: 5, blockHash: '0x05' })
    history.append([earning(5)], { blockNumber: 6, blockHash: '0x06' })
    expect(history.since(0).length).toBe(1)
    history.close()
  })

  test('forgets what came after a block that the chain no longer has', () => {
    const history = openEarningHistory(join(directory, 'a.sqlite'), 'x')
    history.append([earning(5)], { blockNumber: 5, blockHash: '0x05' })
    history.append([earning(8)], { blockNumber: 9, blockHash: '0x09' })
    history.rewindTo(5)
    expect(history.since(0).map((event) => event.blockNumber)).toEqual([5])
    expect(history.checkpoints().map((mark) => mark.blockNumber)).toEqual([5])
    history.rewindTo(null)
    expect(history.since(0)).toEqual([])
    history.close()
  })

  test('of another chain or operator is not mixed in', () => {
    const path = join(directory, 'a.sqlite')
    const history = openEarningHistory(path, 'practice one')
    history.append([earning(5)], { blockNumber: 5, blockHash: '0x05' })
    history.close()
    const other = openEarningHistory(path, 'practice two')
    expect(other.since(0)).toEqual([])
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
