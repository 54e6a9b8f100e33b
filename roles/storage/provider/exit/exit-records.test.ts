import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openDatabase, type Database } from '../../../persistence/index.ts'
import { createExitRecords, exitMigrations } from './exit-records.ts'

let folder: string
let database: Database
const open = (): Database => openDatabase(join(folder, 'exit.sqlite'), exitMigrations)

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hearth-exit-'))
  database = open()
})
afterEach(() => {
  database.close()
  rmSync(folder, { recursive: true, force: true })
})

describe('what an exit remembers', () => {
  it('is the chosen heir, also after a restart', () => {
    createExitRecords(database).choose('0xAB', '0xheir')
    database.close()
    database = open()
    expect(createExitRecords(database).heirOf('0xab')).toBe('0xheir')
  })

  it('counts failures of one choice and begins anew with the next', () => {
    const records = createExitRecords(database)
    records.choose('a', 'x')
    expect([records.noteFailure('a'), records.noteFailure('a')]).toEqual([1, 2])
    records.choose('a', 'y')
    expect(records.noteFailure('a')).toBe(1)
    expect(records.noteFailure('unknown')).toBe(0)
  })

  it('passes over who failed, for a while and for that customer only', () => {
    const records = createExitRecords(database)
    records.choose('a', '0xAB')
    records.passOver('a', 100)
    expect(records.heirOf('a')).toBeNull()
    expect([...records.passedOver('a', 99)]).toEqual(['0xab'])
    expect(records.passedOver('a', 100).size).toBe(0)
    expect(records.passedOver('b', 0).size).toBe(0)
  })

  it('is nothing once leaving is cancelled', () => {
    const records = createExitRecords(database)
    records.choose('a', 'x')
    records.passOver('a', 100)
    records.choose('a', 'y')
    records.clear()
    expect(records.heirOf('a')).toBeNull()
    expect(records.passedOver('a', 0).size).toBe(0)
  })
})
