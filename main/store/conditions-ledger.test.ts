import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openConditionsLedger } from './conditions-ledger.ts'

let directory: string

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'hearth-conditions-'))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

const open = (scope = 'network') => openConditionsLedger(join(directory, 'conditions.sqlite'), scope)

test('adds up the time that storage worked and the average of what it held then', () => {
  const ledger = open()
  ledger.look({ atSeconds: 600, upSeconds: 15, storedBytes: 100 })
  ledger.look({ atSeconds: 615, upSeconds: 15, storedBytes: 200 })
  // Off: it counts neither as time nor into the average.
  ledger.look({ atSeconds: 660, upSeconds: 0, storedBytes: 0 })
  ledger.look({ atSeconds: 720, upSeconds: 30, storedBytes: 300 })
  expect(ledger.between(600, 720)).toEqual({ upSeconds: 30, storedBytes: 150 })
  expect(ledger.between(600, 780)).toEqual({ upSeconds: 60, storedBytes: 225 })
  expect(ledger.between(660, 720)).toEqual({ upSeconds: 0, storedBytes: 0 })
  ledger.close()
})

test('says nothing of a time before it began to look, and forgets what is too old to compare', () => {
  const ledger = open()
  expect(ledger.between(0, 60)).toBeNull()
  ledger.look({ atSeconds: 600, upSeconds: 15, storedBytes: 1 })
  expect(ledger.between(540, 720)).toBeNull()
  ledger.look({ atSeconds: 600 + 17 * 86_400, upSeconds: 15, storedBytes: 1 })
  expect(ledger.between(600, 660)).toBeNull()
  ledger.close()
})

test('is kept over a restart, and begins anew on another network', () => {
  const ledger = open()
  ledger.look({ atSeconds: 600, upSeconds: 15, storedBytes: 1 })
  ledger.close()
  const again = open()
  expect(again.between(600, 660)).toEqual({ upSeconds: 15, storedBytes: 1 })
  again.close()
  const other = open('another')
  expect(other.between(600, 660)).toBeNull()
  other.close()
})
