import { activitySchema } from '../api/channels.ts'
import type { Activity } from '../api/channels.ts'
import { openDatabase } from '../../roles/persistence/index.ts'
import type { Migration, Row } from '../../roles/persistence/index.ts'

/** Lines that are kept; older ones go. A year of an eventful home is about this much. */
const keptLines = 50_000

const migrations: readonly Migration[] = [
  {
    title: 'activity',
    sql: `CREATE TABLE activity (
      id INTEGER PRIMARY KEY AUTOINCREMENT, at_ms INTEGER NOT NULL, role TEXT, level TEXT NOT NULL, code TEXT NOT NULL,
      "values" TEXT NOT NULL, transaction_hash TEXT) STRICT;`,
  },
]

/** What happened in this home, newest last; the window puts codes into words. */
export type ActivityLog = {
  add(line: Omit<Activity, 'id'>): Activity
  /** Newest first; `beforeId` continues a list. */
  list(options: { beforeId: number | null; limit: number }): readonly Activity[]
  close(): void
}

/** Opens the activity log in its own database file. Throws DatabaseError. */
export function openActivityLog(path: string): ActivityLog {
  const database = openDatabase(path, migrations)
  const insert = database.prepare(
    'INSERT INTO activity (at_ms, role, level, code, "values", transaction_hash) VALUES (?, ?, ?, ?, ?, ?) RETURNING id',
  )
  const trim = database.prepare('DELETE FROM activity WHERE id <= ?')
  const select = database.prepare('SELECT * FROM activity WHERE id < ? ORDER BY id DESC LIMIT ?')
  return {
    add(line) {
      const values = JSON.stringify(line.values)
      const row = insert.get(line.atMs, line.role, line.level, line.code, values, line.transactionHash)
      const id = Number(row?.['id'])
      if (id % 100 === 0) trim.run(id - keptLines)
      return { ...line, id }
    },
    list: ({ beforeId, limit }) => select.all(beforeId ?? Number.MAX_SAFE_INTEGER, limit).map(activityOf),
    close: () => database.close(),
  }
}

function activityOf(row: Row): Activity {
  return activitySchema.parse({
    id: row['id'],
    atMs: row['at_ms'],
    role: row['role'],
    level: row['level'],
    code: row['code'],
    values: JSON.parse(String(row['values'])),
    transactionHash: row['transaction_hash'],
  })
}
