import { missCauseSchema, type MissCause } from '../../api/messages.ts'
import type { Database, Migration } from '../../persistence/index.ts'

/** Append to the migrations of the provider's database. */
export const periodMigrations: readonly Migration[] = [
  {
    title: 'periods that ended without a proof',
    sql: `CREATE TABLE missed_periods (
      customer TEXT NOT NULL, period INTEGER NOT NULL, outcome TEXT NOT NULL, cause TEXT NOT NULL,
      PRIMARY KEY (customer, period)) STRICT;
      CREATE INDEX missed_by_period ON missed_periods (period)`,
  },
]

/** Periods kept; by then they have faded from every reputation. */
const keptPeriods = 120

/** What a provider remembers of its periods. */
export type PeriodLog = {
  noteMissed(customer: string, periods: readonly number[], outcome: 'missed' | 'void', cause: MissCause): void
  /** The newest period of a set that is in the log, 0 without one. */
  toldUntil(customer: string): number
  /** Sets proven, missed and void by period, newest first. */
  periods(): { readonly period: number; readonly proven: number; readonly missed: number; readonly void: number }[]
  /** Cause of the newest missed period. */
  lastCause(): MissCause | null
}

/** The log over a database that was opened with `providerMigrations`. */
export function createPeriodLog(database: Database): PeriodLog {
  const add = database.prepare('INSERT OR REPLACE INTO missed_periods VALUES (?, ?, ?, ?)')
  const prune = database.prepare(
    'DELETE FROM missed_periods WHERE period < (SELECT max(period) FROM missed_periods) - ?',
  )
  const newest = database.prepare('SELECT max(period) AS period FROM missed_periods WHERE customer = ?')
  const all = database.prepare(
    `SELECT period, sum(proven) AS proven, sum(missed) AS missed, sum(void) AS void FROM (
       SELECT period, 1 AS proven, 0 AS missed, 0 AS void FROM proofs
       UNION ALL SELECT period, 0, outcome = 'missed', outcome = 'void' FROM missed_periods)
     GROUP BY period ORDER BY period DESC LIMIT ?`,
  )
  const cause = database.prepare(
    `SELECT cause FROM missed_periods WHERE outcome = 'missed' ORDER BY period DESC LIMIT 1`,
  )
  return {
    noteMissed: (customer, periods, outcome, why) =>
      database.transaction(() => {
        for (const period of periods) add.run(customer.toLowerCase(), period, outcome, why)
        prune.run(keptPeriods)
      }),
    toldUntil: (customer) => Number(newest.get(customer.toLowerCase())?.['period'] ?? 0),
    periods: () =>
      all.all(keptPeriods).map((row) => ({
        period: Number(row['period']),
        proven: Number(row['proven']),
        missed: Number(row['missed']),
        void: Number(row['void']),
      })),
    lastCause: () => missCauseSchema.nullable().parse(cause.get()?.['cause'] ?? null),
  }
}
