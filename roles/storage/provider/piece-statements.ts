import type { Database } from '../../persistence/index.ts'

/** The index's statements, prepared once. */
export type PieceStatements = ReturnType<typeof prepareStatements>

/** Prepares all statements of the piece index. */
export function prepareStatements(database: Database) {
  const pending = `SELECT coalesce(sum(pieces.length_bytes), 0) AS pending FROM holdings JOIN pieces USING (root)
    WHERE keep_until_seconds IS NOT NULL`
  // A piece that its customer took out in the running period is in the table until the next: that period can still ask for it.
  const onChain = 'SELECT root FROM set_pieces WHERE set_pieces.customer = holdings.customer'
  return {
    piece: database.prepare('SELECT root, length_bytes, block_layer, damaged, disk FROM pieces WHERE root = ?'),
    holds: database.prepare('SELECT 1 AS held FROM holdings WHERE root = ? AND customer = ?'),
    addPiece: database.prepare(
      `INSERT INTO pieces (root, length_bytes, block_layer, stored_at_ms, scrubbed_at_ms, disk) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (root) DO UPDATE SET damaged = 0, block_layer = excluded.block_layer, disk = excluded.disk,
         scrubbed_at_ms = excluded.scrubbed_at_ms`,
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
    listOn: database.prepare(
      'SELECT root, length_bytes, damaged FROM pieces WHERE disk = ? AND root > ? ORDER BY root LIMIT ?',
    ),
    moveTo: database.prepare('UPDATE pieces SET disk = ? WHERE root = ? AND disk = ?'),
    usedOn: database.prepare(
      'SELECT count(*) AS pieces, coalesce(sum(length_bytes), 0) AS bytes FROM pieces WHERE disk = ?',
    ),
    lose: database.prepare(
      'INSERT OR IGNORE INTO lost_pieces SELECT root, length_bytes FROM pieces WHERE disk = ? RETURNING root, length_bytes',
    ),
    dropHoldingsOn: database.prepare('DELETE FROM holdings WHERE root IN (SELECT root FROM pieces WHERE disk = ?)'),
    dropPiecesOn: database.prepare('DELETE FROM pieces WHERE disk = ?'),
    found: database.prepare('DELETE FROM lost_pieces WHERE root = ?'),
    isLost: database.prepare('SELECT 1 AS lost FROM lost_pieces WHERE root = ?'),
    setsWithLosses: database.prepare(
      'SELECT DISTINCT customer FROM set_pieces JOIN lost_pieces USING (root) WHERE removed = 0',
    ),
    setsOn: database.prepare(
      `SELECT count(DISTINCT customer) AS sets FROM set_pieces JOIN pieces USING (root) WHERE disk = ? AND removed = 0`,
    ),
    nextToScrub: database.prepare(
      'SELECT root, scrubbed_at_ms FROM pieces WHERE disk = ? AND damaged = 0 ORDER BY scrubbed_at_ms LIMIT 1',
    ),
    scrubBegan: database.prepare('SELECT scrub_began_at_ms AS began FROM disks WHERE id = ?'),
    beginScrub: database.prepare('UPDATE disks SET scrub_began_at_ms = ? WHERE id = ?'),
    readBefore: database.prepare(
      `SELECT coalesce(sum(length_bytes), 0) AS bytes FROM pieces
       WHERE disk = ? AND scrubbed_at_ms <= ? AND damaged = 0`,
    ),
    scrubOf: database.prepare(
      `SELECT coalesce(sum(length_bytes), 0) AS total, min(scrubbed_at_ms) AS oldest,
         coalesce(sum(CASE WHEN scrubbed_at_ms >= ? THEN length_bytes ELSE 0 END), 0) AS read
       FROM pieces WHERE disk = ? AND damaged = 0`,
    ),
    markScrubbed: database.prepare('UPDATE pieces SET scrubbed_at_ms = ? WHERE root = ?'),
    noteProof: database.prepare('INSERT OR REPLACE INTO proofs VALUES (?, ?, ?, ?)'),
    lastProof: database.prepare('SELECT max(at_ms) AS at_ms FROM proofs'),
    customers: database.prepare('SELECT count(DISTINCT customer) AS customers FROM holdings'),
    totals: database.prepare('SELECT count(*) AS pieces, coalesce(sum(length_bytes), 0) AS used FROM pieces'),
    pending: database.prepare(pending),
    pendingOf: database.prepare(`${pending} AND customer = ?`),
  }
}
