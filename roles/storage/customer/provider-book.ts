import { join } from 'node:path'
import { openDatabase, type Database, type Migration, type Row } from '../../persistence/index.ts'
import type { AuditRecord } from '../protocol/audit-record.ts'
import { chainHistoryMethods, type ChainHistory } from './chain-history.ts'
import { heardAuditMethods, type HeardAudits } from './heard-audits.ts'

const migrations: readonly Migration[] = [
  {
    title: 'audits that this customer made, and how downloads went',
    sql: `
      CREATE TABLE audits (
        node TEXT NOT NULL, customer TEXT NOT NULL, at_seconds INTEGER NOT NULL, period INTEGER NOT NULL,
        asked INTEGER NOT NULL, right INTEGER NOT NULL, late INTEGER NOT NULL, wrong INTEGER NOT NULL,
        silent INTEGER NOT NULL, latency_ms INTEGER NOT NULL, customer_signature BLOB NOT NULL, node_signature BLOB,
        PRIMARY KEY (node, at_seconds)) STRICT;
      CREATE TABLE retrievals (
        id INTEGER PRIMARY KEY, node TEXT NOT NULL, at_seconds INTEGER NOT NULL, outcome TEXT NOT NULL,
        bytes INTEGER NOT NULL, took_ms INTEGER NOT NULL) STRICT;
      CREATE INDEX retrievals_by_node ON retrievals (node, at_seconds)`,
  },
  {
    title: 'what the chain and other customers say of providers',
    sql: `
      CREATE TABLE chain_position (deployment TEXT NOT NULL, next_block INTEGER NOT NULL) STRICT;
      CREATE TABLE outcomes (
        node TEXT NOT NULL, customer TEXT NOT NULL, period INTEGER NOT NULL, proven INTEGER NOT NULL,
        PRIMARY KEY (node, customer, period)) STRICT;
      CREATE INDEX outcomes_by_period ON outcomes (period);
      CREATE TABLE ended_sets (node TEXT NOT NULL, customer TEXT NOT NULL, PRIMARY KEY (node, customer)) STRICT;
      CREATE TABLE heard_audits (
        node TEXT NOT NULL, customer TEXT NOT NULL, at_seconds INTEGER NOT NULL, period INTEGER NOT NULL,
        right INTEGER NOT NULL, late INTEGER NOT NULL, wrong INTEGER NOT NULL, silent INTEGER NOT NULL,
        weight REAL NOT NULL, PRIMARY KEY (node, customer, at_seconds)) STRICT`,
  },
]

/** How one download from a node went. `refused`: it said no to a customer that was ready to pay. */
export type RetrievalNote = {
  readonly node: string
  readonly atSeconds: number
  readonly outcome: 'served' | 'failed' | 'refused'
  readonly bytes: number
  readonly tookMs: number
}

/** Rows kept of each node. */
const mostOfNode = 200

/** What this customer knows of providers from its own experience. Shared by all processes of a home. */
export type ProviderBook = ChainHistory &
  HeardAudits & {
    keepAudit(record: AuditRecord): void
    noteRetrievals(notes: readonly RetrievalNote[]): void
    /** Newest first. */
    audits(node: string): AuditRecord[]
    /** Newest first. */
    retrievals(node: string): RetrievalNote[]
    /** Seconds since 1970 of the newest audit of a node, or null. */
    lastAuditAtSeconds(node: string): number | null
    close(): void
  }

/** Opens the book in the customer's folder. */
export function openProviderBook(dataDirectory: string): ProviderBook {
  const database = openDatabase(join(dataDirectory, 'providers.sqlite'), migrations)
  const own = { ...auditMethods(database), ...retrievalMethods(database) }
  return { ...own, ...chainHistoryMethods(database), ...heardAuditMethods(database), close: () => database.close() }
}

const low = (node: string): string => node.toLowerCase()
const olderThanKept = (table: string): string =>
  `DELETE FROM ${table} WHERE node = ?1 AND at_seconds <
   (SELECT at_seconds FROM ${table} WHERE node = ?1 ORDER BY at_seconds DESC LIMIT 1 OFFSET ?2)`

function auditMethods(database: Database) {
  const add = database.prepare('INSERT OR REPLACE INTO audits VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
  const prune = database.prepare(olderThanKept('audits'))
  const all = database.prepare('SELECT * FROM audits WHERE node = ? ORDER BY at_seconds DESC')
  const last = database.prepare('SELECT max(at_seconds) AS at FROM audits WHERE node = ?')
  return {
    keepAudit: (record: AuditRecord) =>
      database.transaction(() => {
        const { atSeconds, period, asked, right, late, wrong, silent, latencyMs } = record
        const facts = [atSeconds, period, asked, right, late, wrong, silent, latencyMs]
        add.run(low(record.node), record.customer, ...facts, record.customerSignature, record.nodeSignature)
        prune.run(low(record.node), mostOfNode)
      }),
    audits: (node: string) => all.all(low(node)).map(auditOf),
    lastAuditAtSeconds: (node: string) => (last.get(low(node))?.['at'] as number | null | undefined) ?? null,
  }
}

function retrievalMethods(database: Database) {
  const add = database.prepare(
    'INSERT INTO retrievals (node, at_seconds, outcome, bytes, took_ms) VALUES (?, ?, ?, ?, ?)',
  )
  const prune = database.prepare(olderThanKept('retrievals'))
  const all = database.prepare('SELECT * FROM retrievals WHERE node = ? ORDER BY id DESC LIMIT ?')
  return {
    noteRetrievals: (notes: readonly RetrievalNote[]) =>
      database.transaction(() => {
        for (const { node, atSeconds, outcome, bytes, tookMs } of notes)
          add.run(low(node), atSeconds, outcome, bytes, Math.round(tookMs))
        for (const node of new Set(notes.map((note) => low(note.node)))) prune.run(node, mostOfNode)
      }),
    retrievals: (node: string) => all.all(low(node), mostOfNode).map(retrievalOf),
  }
}

function auditOf(row: Row): AuditRecord {
  const nodeSignature = row['node_signature'] as Uint8Array | null
  return {
    customer: String(row['customer']),
    node: String(row['node']),
    period: Number(row['period']),
    atSeconds: Number(row['at_seconds']),
    asked: Number(row['asked']),
    right: Number(row['right']),
    late: Number(row['late']),
    wrong: Number(row['wrong']),
    silent: Number(row['silent']),
    latencyMs: Number(row['latency_ms']),
    customerSignature: row['customer_signature'] as Uint8Array,
    nodeSignature,
  }
}

function retrievalOf(row: Row): RetrievalNote {
  return {
    node: String(row['node']),
    atSeconds: Number(row['at_seconds']),
    outcome: String(row['outcome']) as RetrievalNote['outcome'],
    bytes: Number(row['bytes']),
    tookMs: Number(row['took_ms']),
  }
}
