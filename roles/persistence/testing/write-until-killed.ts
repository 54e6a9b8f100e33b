import { writeSync } from 'node:fs'
import { openDatabase } from '../open-database.ts'
import { receiptMigrations } from './receipt-migrations.ts'

// A child that commits receipts as fast as it can and says each one aloud only after the commit. Ended from outside.
const database = openDatabase(process.argv[2] ?? '', receiptMigrations)
const insert = database.prepare('INSERT INTO receipts (body) VALUES (?)')
const last = database.prepare('SELECT max(id) AS id FROM receipts')
const body = 'r'.repeat(700)
const first = Number(last.get()?.['id'] ?? 0)
for (let id = first + 1; ; id++) {
  database.transaction(() => {
    insert.run(body)
    if (id % 50 === 0) database.exec('DELETE FROM receipts WHERE id < 0')
  })
  writeSync(1, `${id}\n`)
}
