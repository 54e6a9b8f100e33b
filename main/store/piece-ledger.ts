import { openDatabase } from '../../roles/persistence/index.ts'
import type { Migration } from '../../roles/persistence/index.ts'
import { enterScope } from './enter-scope.ts'

const migrations: readonly Migration[] = [
  {
    title: 'pieces as the worker told of them',
    sql: `CREATE TABLE piece (
      root TEXT NOT NULL, customer TEXT NOT NULL, length_bytes INTEGER NOT NULL, stored_at_ms INTEGER NOT NULL,
      damaged INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (root, customer)) STRICT, WITHOUT ROWID;
      CREATE INDEX piece_by_time ON piece (stored_at_ms);`,
  },
  {
    title: 'the network that the pieces belong to',
    sql: `CREATE TABLE scope (id INTEGER PRIMARY KEY CHECK (id = 1), name TEXT NOT NULL) STRICT;`,
  },
]

/** A piece that this home's storage worker said it keeps. */
export type LedgerPiece = {
  readonly root: string
  readonly customer: string
  readonly lengthBytes: number
  readonly storedAtMs: number
  readonly damaged: boolean
}

/**
 * What a person is shown of pieces: when each came and whether it was found damaged. The worker's own index decides what
 * is served and proven; this is only its story.
 */
export type PieceLedger = {
  stored(piece: { root: string; customer: string; lengthBytes: number; storedAtMs: number }): void
  removed(root: string): void
  damaged(root: string): void
  count(): number
  /** Newest first. */
  list(options: { offset: number; limit: number }): readonly LedgerPiece[]
  close(): void
}

/**
 * Opens the ledger in its own database file. `scope` names the network: pieces of another one are forgotten, since nobody
 * pays for them here. Throws DatabaseError.
 */
export function openPieceLedger(path: string, scope: string): PieceLedger {
  const database = openDatabase(path, migrations)
  enterScope(database, scope, () => database.exec('DELETE FROM piece'))
  const insert = database.prepare(
    `INSERT INTO piece (root, customer, length_bytes, stored_at_ms) VALUES (?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET damaged = 0`,
  )
  const remove = database.prepare('DELETE FROM piece WHERE root = ?')
  const damage = database.prepare('UPDATE piece SET damaged = 1 WHERE root = ?')
  const count = database.prepare('SELECT count(*) AS count FROM piece')
  const select = database.prepare('SELECT * FROM piece ORDER BY stored_at_ms DESC, root LIMIT ? OFFSET ?')
  return {
    stored: (piece) => void insert.run(piece.root, piece.customer.toLowerCase(), piece.lengthBytes, piece.storedAtMs),
    removed: (root) => void remove.run(root),
    damaged: (root) => void damage.run(root),
    count: () => Number(count.get()?.['count'] ?? 0),
    list: ({ offset, limit }) =>
      select.all(limit, offset).map((row) => ({
        root: String(row['root']),
        customer: String(row['customer']),
        lengthBytes: Number(row['length_bytes']),
        storedAtMs: Number(row['stored_at_ms']),
        damaged: Number(row['damaged']) === 1,
      })),
    close: () => database.close(),
  }
}
