import type { Database, Migration } from '../../../persistence/index.ts'

/** Append to the migrations of the provider's database. */
export const exitMigrations: readonly Migration[] = [
  {
    title: 'to whom data sets go when this node leaves',
    sql: `
      CREATE TABLE exit_heirs (customer TEXT PRIMARY KEY, heir TEXT NOT NULL, failures INTEGER NOT NULL) STRICT;
      CREATE TABLE exit_passed_over (
        customer TEXT NOT NULL, node TEXT NOT NULL, until_ms INTEGER NOT NULL, PRIMARY KEY (customer, node)) STRICT`,
  },
]

/**
 * What an exit must remember beyond what the chain knows: whom it has begun to send pieces to, so that after a kill it goes
 * on with the same node, and who failed. All else (what was handed over, to whom by contract) is read from the chain.
 */
export type ExitRecords = {
  heirOf(customer: string): string | null
  choose(customer: string, heir: string): void
  /** Counts a failure and tells how many there are now. */
  noteFailure(customer: string): number
  /** Chooses another heir next time, and not this one before `untilMs`. */
  passOver(customer: string, untilMs: number): void
  passedOver(customer: string, nowMs: number): ReadonlySet<string>
  /** Forgets choices when leaving is cancelled; what the contract knows stays. */
  clear(): void
}

const low = (address: string): string => address.toLowerCase()

/** The records over a database that was opened with `exitMigrations`. */
export function createExitRecords(database: Database): ExitRecords {
  const heir = database.prepare('SELECT heir FROM exit_heirs WHERE customer = ?')
  const choose = database.prepare('INSERT OR REPLACE INTO exit_heirs VALUES (?, ?, 0)')
  const fail = database.prepare('UPDATE exit_heirs SET failures = failures + 1 WHERE customer = ? RETURNING failures')
  const drop = database.prepare('DELETE FROM exit_heirs WHERE customer = ?')
  const pass = database.prepare('INSERT OR REPLACE INTO exit_passed_over VALUES (?, ?, ?)')
  const passed = database.prepare('SELECT node FROM exit_passed_over WHERE customer = ? AND until_ms > ?')
  const heirOf = (customer: string): string | null => {
    const row = heir.get(low(customer))
    return row === null ? null : String(row['heir'])
  }
  return {
    heirOf,
    choose: (customer, node) => void choose.run(low(customer), node),
    noteFailure: (customer) => Number(fail.get(low(customer))?.['failures'] ?? 0),
    passOver: (customer, untilMs) =>
      database.transaction(() => {
        const node = heirOf(customer)
        if (node !== null) pass.run(low(customer), low(node), untilMs)
        drop.run(low(customer))
      }),
    passedOver: (customer, nowMs) => new Set(passed.all(low(customer), nowMs).map((row) => String(row['node']))),
    clear: () => database.exec('DELETE FROM exit_heirs; DELETE FROM exit_passed_over'),
  }
}
