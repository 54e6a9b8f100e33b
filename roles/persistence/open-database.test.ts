import {
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
  closeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { openDatabase } from './open-database.ts'

const top = mkdtempSync(join(tmpdir(), 'hearth-database-'))
let path = ''
let run = 0
const first = { title: 'things', sql: 'CREATE TABLE things (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT' }
const second = { title: 'colours', sql: 'ALTER TABLE things ADD COLUMN colour TEXT' }

beforeEach(() => {
  path = join(top, String(run++), 'index.sqlite')
})
afterAll(() => rmSync(top, { recursive: true, force: true }))

describe('openDatabase', () => {
  it('is synced and write-ahead, and keeps what was written', () => {
    const database = openDatabase(path, [first])
    expect(database.prepare('PRAGMA synchronous').get()).toMatchObject({ synchronous: 2 })
    expect(database.prepare('PRAGMA journal_mode').get()).toMatchObject({ journal_mode: 'wal' })
    database.prepare('INSERT INTO things (name) VALUES (?)').run('a')
    database.close()
    const again = openDatabase(path, [first])
    expect(again.prepare('SELECT name FROM things').all()).toEqual([{ name: 'a' }])
    again.close()
  })

  it('undoes a transaction that throws, with everything in it', () => {
    const database = openDatabase(path, [first])
    const insert = database.prepare('INSERT INTO things (name) VALUES (?)')
    expect(() =>
      database.transaction(() => {
        insert.run('a')
        database.transaction(() => insert.run('b'))
        throw new Error('no')
      }),
    ).toThrow('no')
    expect(database.prepare('SELECT count(*) AS count FROM things').get()).toEqual({ count: 0 })
    database.close()
  })

  it('applies only the steps that are missing, and none of a step that fails', () => {
    openDatabase(path, [first]).close()
    expect(() => openDatabase(path, [first, { title: 'broken', sql: `${second.sql}; CREATE NONSENSE` }])).toThrow(
      expect.objectContaining({ code: 'DATABASE_MIGRATION' }),
    )
    const database = openDatabase(path, [first, second])
    database.prepare('INSERT INTO things (name, colour) VALUES (?, ?)').run('a', 'red')
    database.close()
  })

  it('refuses a database of a newer version and leaves it as it was', () => {
    openDatabase(path, [first, second]).close()
    const before = readFileSync(path)
    expect(() => openDatabase(path, [first])).toThrow(expect.objectContaining({ code: 'DATABASE_TOO_NEW' }))
    expect(readFileSync(path).equals(before)).toBe(true)
  })

  it.each([
    ['overwritten with text', () => writeFileSync(path, 'not a database at all '.repeat(500))],
    ['torn in the middle', () => damage(path, 4096 + 8, 3000)],
  ])('says so when the file is %s', (_name, harm) => {
    const database = openDatabase(path, [first])
    const insert = database.prepare('INSERT INTO things (name) VALUES (?)')
    database.transaction(() => {
      for (let count = 0; count < 2000; count++) insert.run(`thing ${count}`)
    })
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    database.close()
    harm()
    expect(() => openDatabase(path, [first])).toThrow(expect.objectContaining({ code: 'DATABASE_DAMAGED' }))
  })

  it('copies itself while it is used, keeps three copies, and a copy opens', async () => {
    const database = openDatabase(path, [first])
    const copies = join(top, `${run}-copies`)
    let last = ''
    for (let round = 0; round < 5; round++) {
      database.prepare('INSERT INTO things (name) VALUES (?)').run(`round ${round}`)
      last = await database.backup(copies)
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    database.close()
    expect(readdirSync(copies).length).toBe(3)
    const copy = openDatabase(last, [first])
    expect(copy.prepare('SELECT count(*) AS count FROM things').get()).toEqual({ count: 5 })
    copy.close()
  })
})

function damage(file: string, at: number, length: number): void {
  const handle = openSync(file, 'r+')
  writeSync(handle, Buffer.alloc(Math.min(length, statSync(file).size - at), 0xa5), 0, undefined, at)
  closeSync(handle)
}
