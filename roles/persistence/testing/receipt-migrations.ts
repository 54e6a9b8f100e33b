import type { Migration } from '../migrate.ts'

/** The schema of the crash tests. */
export const receiptMigrations: readonly Migration[] = [
  { title: 'receipts', sql: 'CREATE TABLE receipts (id INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT' },
]
