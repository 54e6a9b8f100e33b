import type { AuditResult } from '../../../contracts/client/index.ts'
import type { Database } from '../../persistence/index.ts'

/** A checked result of another customer with what its word weighs, in [0, 1]. */
export type HeardAudit = Pick<
  AuditResult,
  'customer' | 'node' | 'atSeconds' | 'period' | 'right' | 'late' | 'wrong' | 'silent'
> & { readonly weight: number }

/** What providers showed of other customers' audits. */
export type HeardAudits = {
  /** Replaces what was heard of a node. */
  keepHeard(node: string, audits: readonly HeardAudit[]): void
  heard(node: string): HeardAudit[]
}

const low = (address: string): string => address.toLowerCase()

/** What was heard, in the table `heard_audits`. */
export function heardAuditMethods(database: Database): HeardAudits {
  const clear = database.prepare('DELETE FROM heard_audits WHERE node = ?')
  const add = database.prepare('INSERT OR REPLACE INTO heard_audits VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)')
  const all = database.prepare('SELECT * FROM heard_audits WHERE node = ? ORDER BY at_seconds DESC')
  return {
    keepHeard: (node, audits) =>
      database.transaction(() => {
        clear.run(low(node))
        for (const { customer, atSeconds, period, right, late, wrong, silent, weight } of audits)
          add.run(low(node), low(customer), atSeconds, period, right, late, wrong, silent, weight)
      }),
    heard: (node) =>
      all.all(low(node)).map((row) => ({
        node: String(row['node']),
        customer: String(row['customer']),
        atSeconds: Number(row['at_seconds']),
        period: Number(row['period']),
        right: Number(row['right']),
        late: Number(row['late']),
        wrong: Number(row['wrong']),
        silent: Number(row['silent']),
        weight: Number(row['weight']),
      })),
  }
}
