import type { DatabaseSyncInstance } from '@photostructure/sqlite'
import { DatabaseError } from './errors.ts'

/** One step of a schema. Steps are only ever appended; one that was released never changes. */
export type Migration = { readonly title: string; readonly sql: string }

/**
 * Applies the missing steps, each in a transaction of its own together with the number of the step (`user_version`), so
 * that a kill leaves the schema before or after a step. A database of a newer Hearth is refused, untouched.
 */
export function migrate(raw: DatabaseSyncInstance, path: string, migrations: readonly Migration[]): void {
  const row: unknown = raw.prepare('PRAGMA user_version').get()
  const current = Number((row as Record<string, unknown>)['user_version'])
  if (current > migrations.length) {
    throw new DatabaseError(
      'DATABASE_TOO_NEW',
      `The database ${path} was written by a newer Hearth (schema ${current}, this one knows ${migrations.length}).`,
      { action: 'Install the newer version again, or use another home.' },
    )
  }
  for (const [index, migration] of migrations.entries()) {
    if (index < current) continue
    raw.exec('BEGIN IMMEDIATE')
    try {
      raw.exec(migration.sql)
      raw.exec(`PRAGMA user_version = ${index + 1}`)
      raw.exec('COMMIT')
    } catch (error) {
      if (raw.isTransaction) raw.exec('ROLLBACK')
      throw new DatabaseError('DATABASE_MIGRATION', `Step "${migration.title}" failed on ${path}.`, {
        action: 'Please report this with the log; the database is as it was before.',
        cause: error,
      })
    }
  }
}
