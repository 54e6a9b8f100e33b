import { openDatabase } from '../../roles/persistence/index.ts'
import type { Migration } from '../../roles/persistence/index.ts'

const migrations: readonly Migration[] = [
  {
    title: 'gas by transaction',
    sql: `CREATE TABLE gas (
      transaction_hash TEXT PRIMARY KEY, at_ms INTEGER NOT NULL, purpose TEXT NOT NULL, spent_wei TEXT NOT NULL) STRICT;
      CREATE INDEX gas_by_time ON gas (at_ms);`,
  },
]

/** What the machine's gas account spent, in native wei; the base of its daily bound and of the earnings page. */
export type GasLedger = {
  add(spending: { transactionHash: string; atMs: number; purpose: string; spentWei: bigint }): void
  spentSinceWei(sinceMs: number): bigint
  close(): void
}

/** Opens the gas ledger in its own database file. Throws DatabaseError. */
export function openGasLedger(path: string): GasLedger {
  const database = openDatabase(path, migrations)
  const insert = database.prepare(
    'INSERT INTO gas (transaction_hash, at_ms, purpose, spent_wei) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
  )
  // SQLite's integers end at 2^63; wei is added up here.
  const select = database.prepare('SELECT spent_wei FROM gas WHERE at_ms >= ?')
  return {
    add: (spending) =>
      void insert.run(spending.transactionHash, spending.atMs, spending.purpose, spending.spentWei.toString()),
    spentSinceWei: (sinceMs) => select.all(sinceMs).reduce((sum, row) => sum + BigInt(String(row['spent_wei'])), 0n),
    close: () => database.close(),
  }
}
