import { catalogueMigrations } from './catalogue-store.ts'
import type { Migration } from '../../persistence/index.ts'
import { voucherMigrations } from '../../vouchers/index.ts'
import { auditMigrations } from './audit-log.ts'
import { periodMigrations } from './period-log.ts'
import { exitMigrations } from './exit/exit-records.ts'

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
  ...auditMigrations,
  {
    title: 'which disk a piece lies on',
    sql: `
      CREATE TABLE disks (
        id TEXT PRIMARY KEY, folder TEXT UNIQUE, measured TEXT, scrub_began_at_ms INTEGER) STRICT;
      INSERT INTO disks (id) SELECT store FROM identity;
      ALTER TABLE pieces ADD COLUMN disk TEXT;
      UPDATE pieces SET disk = (SELECT store FROM identity);
      CREATE INDEX pieces_by_disk ON pieces (disk, length_bytes);
      CREATE INDEX pieces_by_scrub ON pieces (disk, scrubbed_at_ms, length_bytes, damaged)`,
  },
  ...periodMigrations,
  ...catalogueMigrations,
  ...exitMigrations,
  {
    title: 'pieces whose disk never comes back',
    sql: 'CREATE TABLE lost_pieces (root TEXT PRIMARY KEY, length_bytes INTEGER NOT NULL) STRICT',
  },
]
