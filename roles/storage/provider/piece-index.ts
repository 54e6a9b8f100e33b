import { voucherMigrations } from '../../vouchers/index.ts'
import type { Database, Migration, Row } from '../../persistence/index.ts'
import { parseRoot, type RootText } from './piece-root.ts'

/** Schema of a provider's database; append only. */
export const providerMigrations: readonly Migration[] = [
  {
    title: 'pieces, who they are held for, and where they stand in data sets',
    sql: `
      CREATE TABLE identity (store TEXT NOT NULL) STRICT;
      CREATE TABLE pieces (
        root TEXT PRIMARY KEY, length_bytes INTEGER NOT NULL, block_layer BLOB NOT NULL, stored_at_ms INTEGER NOT NULL,
        damaged INTEGER NOT NULL DEFAULT 0, scrubbed_at_ms INTEGER NOT NULL) STRICT;
      CREATE TABLE holdings (
        root TEXT NOT NULL REFERENCES pieces (root) ON DELETE CASCADE, customer TEXT NOT NULL,
        keep_until_seconds INTEGER, PRIMARY KEY (root, customer)) STRICT;
      CREATE INDEX holdings_by_customer ON holdings (customer);
      CREATE TABLE set_pieces (
        customer TEXT NOT NULL, piece_index INTEGER NOT NULL, root TEXT NOT NULL, length_bytes INTEGER NOT NULL,
        first_leaf INTEGER NOT NULL, leaf_count INTEGER NOT NULL, removed INTEGER NOT NULL,
        PRIMARY KEY (customer, piece_index)) STRICT;
      CREATE INDEX set_pieces_by_root ON set_pieces (root);
      CREATE TABLE proofs (
        customer TEXT NOT NULL, period INTEGER NOT NULL, transaction_hash TEXT NOT NULL, at_ms INTEGER NOT NULL,
        PRIMARY KEY (customer, period)) STRICT`,
  },
  ...voucherMigrations,
]

/** One stored piece. `blockLayer` holds the roots of its blocks of 32 KiB. */
export type StoredPiece = {
  readonly root: RootText
  readonly lengthBytes: number
  readonly blockLayer: Uint8Array
  readonly damaged: boolean
}

/** One piece of a data set as the chain has it. */
export type SetPiece = {
  readonly index: number
  readonly root: RootText
  readonly lengthBytes: number
  readonly firstLeaf: number
  readonly leafCount: number
  readonly removed: boolean
}

/** What the provider knows of its pieces; every change is durable when the method returns. */
export type PieceIndex = {
  storeId(): string | null
  setStoreId(id: string): void
  piece(root: RootText): StoredPiece | null
  holds(root: RootText, customer: string): boolean
  /** Notes a piece whose file is already durable, kept for `customer` until the chain says more. */
  addPiece(piece: Omit<StoredPiece, 'damaged'>, customer: string, keepUntilSeconds: number, nowMs: number): void
  /** Never shortens what was promised. */
  keepUntil(root: RootText, customer: string, seconds: number): void
  markDamaged(root: RootText): void
  /** Removes the entry unless somebody holds the piece (again). True when it is gone. */
  forgetUnneeded(root: RootText): boolean
  damagedCount(): number
  /** Replaces a data set's pieces; holdings of pieces on chain lose their end, others get one at least at `graceSeconds`. */
  replaceSet(customer: string, pieces: readonly SetPiece[], graceSeconds: number): { added: SetPiece[] }
  setPieces(customer: string): SetPiece[]
  setCustomers(): string[]
  /** Lets go of holdings that have ended and tells the roots that nobody needs any more (still in the index). */
  expire(nowSeconds: number): RootText[]
  roots(): RootText[]
  /** The piece whose last check is oldest. */
  nextToScrub(): { root: RootText; scrubbedAtMs: number } | null
  markScrubbed(root: RootText, nowMs: number): void
  noteProof(customer: string, period: number, transactionHash: string, nowMs: number): void
  /** Epoch milliseconds of the newest accepted proof, null before the first. */
  lastProofAtMs(): number | null
  totals(): { pieces: number; usedBytes: number; pendingBytes: number }
  pendingBytesOf(customer: string): number
}

/** The index over a database that was opened with `providerMigrations`. */
export function createPieceIndex(database: Database): PieceIndex {
  const sql = statements(database)
  const piece = (row: Row): StoredPiece => ({
    root: parseRoot(String(row['root'])),
    lengthBytes: Number(row['length_bytes']),
    blockLayer: row['block_layer'] as Uint8Array,
    damaged: row['damaged'] === 1,
  })
  const setPiece = (row: Row): SetPiece => ({
    index: Number(row['piece_index']),
    root: parseRoot(String(row['root'])),
    lengthBytes: Number(row['length_bytes']),
    firstLeaf: Number(row['first_leaf']),
    leafCount: Number(row['leaf_count']),
    removed: row['removed'] === 1,
  })
  const low = (customer: string): string => customer.toLowerCase()
  const setPieces = (customer: string): SetPiece[] => sql.setPieces.all(low(customer)).map(setPiece)
  return {
    storeId: () => (sql.storeId.get()?.['store'] as string | undefined) ?? null,
    setStoreId: (id) => void sql.setStoreId.run(id),
    piece(root) {
      const row = sql.piece.get(root)
      return row === null ? null : piece(row)
    },
    holds: (root, customer) => sql.holds.get(root, low(customer)) !== null,
    addPiece: (added, customer, keepUntilSeconds, nowMs) =>
      database.transaction(() => {
        sql.addPiece.run(added.root, added.lengthBytes, added.blockLayer, nowMs, nowMs)
        sql.addHolding.run(added.root, low(customer), keepUntilSeconds)
      }),
    keepUntil: (root, customer, seconds) => void sql.keepUntil.run(seconds, root, low(customer)),
    markDamaged: (root) => void sql.markDamaged.run(root),
    forgetUnneeded: (root) => sql.forget.run(root).changes > 0,
    damagedCount: () => Number(sql.damaged.get()?.['count'] ?? 0),
    replaceSet: (customer, pieces, graceSeconds) =>
      database.transaction(() => {
        const known = new Set(setPieces(customer).map((each) => `${each.index} ${each.root}`))
        sql.clearSet.run(low(customer))
        for (const each of pieces) {
          const removed = each.removed ? 1 : 0
          sql.addSetPiece.run(
            low(customer),
            each.index,
            each.root,
            each.lengthBytes,
            each.firstLeaf,
            each.leafCount,
            removed,
          )
        }
        sql.bindHoldings.run(low(customer))
        sql.releaseHoldings.run(graceSeconds, low(customer))
        return { added: pieces.filter((each) => !each.removed && !known.has(`${each.index} ${each.root}`)) }
      }),
    setPieces,
    setCustomers: () => sql.setCustomers.all().map((row) => String(row['customer'])),
    expire: (nowSeconds) =>
      database.transaction(() => {
        sql.expire.run(nowSeconds)
        return sql.unneeded.all().map((row) => parseRoot(String(row['root'])))
      }),
    roots: () => sql.roots.all().map((row) => parseRoot(String(row['root']))),
    nextToScrub() {
      const row = sql.nextToScrub.get()
      return row === null ? null : { root: parseRoot(String(row['root'])), scrubbedAtMs: Number(row['scrubbed_at_ms']) }
    },
    markScrubbed: (root, nowMs) => void sql.markScrubbed.run(nowMs, root),
    noteProof: (customer, period, hash, nowMs) => void sql.noteProof.run(low(customer), period, hash, nowMs),
    lastProofAtMs() {
      const at = sql.lastProof.get()?.['at_ms']
      return typeof at === 'number' ? at : null
    },
    totals() {
      const row = sql.totals.get()
      return {
        pieces: Number(row?.['pieces'] ?? 0),
        usedBytes: Number(row?.['used'] ?? 0),
        pendingBytes: Number(sql.pending.get()?.['pending'] ?? 0),
      }
    },
    pendingBytesOf: (customer) => Number(sql.pendingOf.get(low(customer))?.['pending'] ?? 0),
  }
}

function statements(database: Database) {
  const pending = `SELECT coalesce(sum(pieces.length_bytes), 0) AS pending FROM holdings JOIN pieces USING (root)
    WHERE keep_until_seconds IS NOT NULL`
  const onChain = 'SELECT root FROM set_pieces WHERE set_pieces.customer = holdings.customer AND removed = 0'
  return {
    storeId: database.prepare('SELECT store FROM identity'),
    setStoreId: database.prepare('INSERT INTO identity (store) VALUES (?)'),
    piece: database.prepare('SELECT root, length_bytes, block_layer, damaged FROM pieces WHERE root = ?'),
    holds: database.prepare('SELECT 1 AS held FROM holdings WHERE root = ? AND customer = ?'),
    addPiece: database.prepare(
      `INSERT INTO pieces (root, length_bytes, block_layer, stored_at_ms, scrubbed_at_ms) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (root) DO UPDATE SET damaged = 0, block_layer = excluded.block_layer`,
    ),
    addHolding: database.prepare(
      'INSERT INTO holdings (root, customer, keep_until_seconds) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
    ),
    keepUntil: database.prepare(
      `UPDATE holdings SET keep_until_seconds = max(keep_until_seconds, ?)
       WHERE root = ? AND customer = ? AND keep_until_seconds IS NOT NULL`,
    ),
    markDamaged: database.prepare('UPDATE pieces SET damaged = 1 WHERE root = ?'),
    forget: database.prepare('DELETE FROM pieces WHERE root = ? AND root NOT IN (SELECT root FROM holdings)'),
    damaged: database.prepare('SELECT count(*) AS count FROM pieces WHERE damaged = 1'),
    clearSet: database.prepare('DELETE FROM set_pieces WHERE customer = ?'),
    addSetPiece: database.prepare('INSERT INTO set_pieces VALUES (?, ?, ?, ?, ?, ?, ?)'),
    bindHoldings: database.prepare(
      `UPDATE holdings SET keep_until_seconds = NULL WHERE customer = ? AND root IN (${onChain})`,
    ),
    releaseHoldings: database.prepare(
      `UPDATE holdings SET keep_until_seconds = ? WHERE customer = ? AND keep_until_seconds IS NULL
       AND root NOT IN (${onChain})`,
    ),
    setPieces: database.prepare('SELECT * FROM set_pieces WHERE customer = ? ORDER BY first_leaf, piece_index'),
    setCustomers: database.prepare('SELECT DISTINCT customer FROM set_pieces'),
    expire: database.prepare('DELETE FROM holdings WHERE keep_until_seconds IS NOT NULL AND keep_until_seconds < ?'),
    unneeded: database.prepare('SELECT root FROM pieces WHERE root NOT IN (SELECT root FROM holdings)'),
    roots: database.prepare('SELECT root FROM pieces'),
    nextToScrub: database.prepare(
      'SELECT root, scrubbed_at_ms FROM pieces WHERE damaged = 0 ORDER BY scrubbed_at_ms LIMIT 1',
    ),
    markScrubbed: database.prepare('UPDATE pieces SET scrubbed_at_ms = ? WHERE root = ?'),
    noteProof: database.prepare('INSERT OR REPLACE INTO proofs VALUES (?, ?, ?, ?)'),
    lastProof: database.prepare('SELECT max(at_ms) AS at_ms FROM proofs'),
    totals: database.prepare('SELECT count(*) AS pieces, coalesce(sum(length_bytes), 0) AS used FROM pieces'),
    pending: database.prepare(pending),
    pendingOf: database.prepare(`${pending} AND customer = ?`),
  }
}
