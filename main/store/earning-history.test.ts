import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openEarningHistory } from './earning-history.ts'
import type { Earning } from './earning-history.ts'
import { openGasLedger } from './gas-ledger.ts'

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

describe('the gas ledger', () => {
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
