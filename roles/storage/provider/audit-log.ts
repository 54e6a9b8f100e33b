import type { AuditResult } from '../../../contracts/client/index.ts'
import type { Database, Migration, Row } from '../../persistence/index.ts'

/** Append to the migrations of the provider's database. */
export const auditMigrations: readonly Migration[] = [
  {
    title: 'audits that customers made here, signed by both',
    sql: `CREATE TABLE audits (
      customer TEXT NOT NULL, at_seconds INTEGER NOT NULL, period INTEGER NOT NULL, asked INTEGER NOT NULL,
      right INTEGER NOT NULL, late INTEGER NOT NULL, wrong INTEGER NOT NULL, silent INTEGER NOT NULL,
      latency_ms INTEGER NOT NULL, customer_signature BLOB NOT NULL, node_signature BLOB NOT NULL,
      PRIMARY KEY (customer, at_seconds)) STRICT;
      CREATE INDEX audits_by_time ON audits (at_seconds)`,
  },
]

/** A result that both sides signed. */
export type MutualAudit = AuditResult & {
  readonly customerSignature: Uint8Array
  readonly nodeSignature: Uint8Array
}

/** Results kept, newest first; older ones say little and cost room. */
const mostKept = 1_000
/** Of one customer, so that a busy one does not push out all others. */
const mostOfCustomer = 3

/** What customers signed about this node. */
export type AuditLog = {
  keep(audit: MutualAudit): void
  /** Newest first, at most three of each customer. */
  newest(limit: number): MutualAudit[]
}

/** The log over a database that was opened with `auditMigrations`. `node` is this node's account. */
export function createAuditLog(database: Database, node: string): AuditLog {
  const add = database.prepare('INSERT OR IGNORE INTO audits VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
  const prune = database.prepare(
    'DELETE FROM audits WHERE at_seconds < (SELECT at_seconds FROM audits ORDER BY at_seconds DESC LIMIT 1 OFFSET ?)',
  )
  const newest = database.prepare(
    `SELECT * FROM (SELECT *, row_number() OVER (PARTITION BY customer ORDER BY at_seconds DESC) AS place FROM audits)
     WHERE place <= ? ORDER BY at_seconds DESC LIMIT ?`,
  )
  return {
    keep: (audit) =>
      database.transaction(() => {
        const { customer, atSeconds, period, asked, right, late, wrong, silent, latencyMs } = audit
        const facts = [atSeconds, period, asked, right, late, wrong, silent, latencyMs]
        add.run(customer.toLowerCase(), ...facts, audit.customerSignature, audit.nodeSignature)
        prune.run(mostKept)
      }),
    newest: (limit) => newest.all(mostOfCustomer, limit).map((row) => auditOf(row, node)),
  }
}

function auditOf(row: Row, node: string): MutualAudit {
  return {
    customer: String(row['customer']),
    node,
    period: Number(row['period']),
    atSeconds: Number(row['at_seconds']),
    asked: Number(row['asked']),
    right: Number(row['right']),
    late: Number(row['late']),
    wrong: Number(row['wrong']),
    silent: Number(row['silent']),
    latencyMs: Number(row['latency_ms']),
    customerSignature: Uint8Array.from(row['customer_signature'] as Uint8Array),
    nodeSignature: Uint8Array.from(row['node_signature'] as Uint8Array),
  }
}
