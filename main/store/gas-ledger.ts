import { openDatabase } from '../../roles/persistence/index.ts'
import type { Migration } from '../../roles/persistence/index.ts'

const migrations: readonly Migration[] = [
  {
    title: 'gas by transaction',
    sql: `CREATE TABLE gas (
      transaction_hash TEXT PRIMARY KEY, at_ms INTEGER NOT NULL, purpose TEXT NOT NULL, spent_wei TEXT NOT NULL) STRICT;
      CREATE INDEX gas_by_time ON gas (at_ms);`,
  },
  { title: 'gas by network', sql: `ALTER TABLE gas ADD COLUMN network TEXT NOT NULL DEFAULT '';` },
]

/** What the machine's gas account spent, in native wei; the base of its daily bound and of the earnings page. */
export type GasLedger = {
  add(spending: { transactionHash: string; atMs: number; purpose: string; spentWei: bigint }): void
  spentSinceWei(sinceMs: number): bigint
  close(): void
}

/**
 * Opens the gas ledger in its own database file. `network` (its genesis hash) is noted with what is added, and only its
 * spending is counted; null counts that of all networks. Throws DatabaseError.
 */
export function openGasLedger(path: string, network: string | null = null): GasLedger {
  const database = openDatabase(path, migrations)
  const insert = database.prepare(
    'INSERT INTO gas (transaction_hash, at_ms, purpose, spent_wei, network) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
  )
  // SQLite's integers end at 2^63; wei is added up here.
  const select = database.prepare('SELECT spent_wei FROM gas WHERE at_ms >= ? AND (network = ? OR ? IS NULL)')
  return {
    add: ({ transactionHash, atMs, purpose, spentWei }) =>
      void insert.run(transactionHash, atMs, purpose, spentWei.toString(), network ?? ''),
    spentSinceWei: (sinceMs) =>
      select.all(sinceMs, network ?? '', network).reduce((sum, row) => sum + BigInt(String(row['spent_wei'])), 0n),
    close: () => database.close(),
  }
}
