import { openDatabase } from '../../roles/persistence/index.ts'
import type { Migration } from '../../roles/persistence/index.ts'
import { enterScope } from './enter-scope.ts'

const migrations: readonly Migration[] = [
  {
    title: 'how storage stood, by the minute',
    sql: `CREATE TABLE scope (id INTEGER PRIMARY KEY CHECK (id = 1), name TEXT NOT NULL) STRICT;
      CREATE TABLE minute (
        minute INTEGER PRIMARY KEY, up_seconds REAL NOT NULL, byte_seconds REAL NOT NULL) STRICT;`,
  },
]

/** Two weeks are compared; a little more is kept. */
const keptMinutes = 16 * 24 * 60

/**
 * How long storage worked and how much it held, so that a week that brought less can be explained. Nothing is paid or
 * proven by it: what was earned is only ever read from the chain.
 */
export type ConditionsLedger = {
  /** A look at a moment; `upSeconds` is how long storage ran and was not paused since the look before. */
  look(now: { atSeconds: number; upSeconds: number; storedBytes: number }): void
  /** Over a stretch of time; null when looking began after it had. */
  between(fromSeconds: number, toSeconds: number): { upSeconds: number; storedBytes: number } | null
  close(): void
}

/** Opens the ledger in its own database file. `scope` names the network. Throws DatabaseError. */
export function openConditionsLedger(path: string, scope: string): ConditionsLedger {
  const database = openDatabase(path, migrations)
  enterScope(database, scope, () => database.exec('DELETE FROM minute'))
  const add = database.prepare(
    `INSERT INTO minute VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET
      up_seconds = up_seconds + excluded.up_seconds, byte_seconds = byte_seconds + excluded.byte_seconds`,
  )
  const trim = database.prepare('DELETE FROM minute WHERE minute < ?')
  const first = database.prepare('SELECT min(minute) AS minute FROM minute')
  const total = database.prepare(
    'SELECT total(up_seconds) AS up, total(byte_seconds) AS bytes FROM minute WHERE minute >= ? AND minute < ?',
  )
  const minuteOf = (seconds: number) => Math.floor(seconds / 60)
  return {
    look: ({ atSeconds, upSeconds, storedBytes }) =>
      database.transaction(() => {
        add.run(minuteOf(atSeconds), upSeconds, upSeconds * storedBytes)
        trim.run(minuteOf(atSeconds) - keptMinutes)
      }),
    between: (fromSeconds, toSeconds) => {
      const began = first.get()?.['minute'] ?? null
      if (began === null || Number(began) > minuteOf(fromSeconds)) return null
      const row = total.get(minuteOf(fromSeconds), minuteOf(toSeconds))
      const upSeconds = Number(row?.['up'])
      return { upSeconds, storedBytes: upSeconds === 0 ? 0 : Number(row?.['bytes']) / upSeconds }
    },
    close: () => database.close(),
  }
}
