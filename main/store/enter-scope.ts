import type { Database } from '../../roles/persistence/index.ts'

/**
 * Notes whom the content of a database belongs to (its table `scope` has one row); when it was someone else, `clear` empties
 * it first. One step: a kill leaves the old content with the old name or none with the new.
 */
export function enterScope(database: Database, scope: string, clear: () => void): void {
  database.transaction(() => {
    if (database.prepare('SELECT name FROM scope').get()?.['name'] === scope) return
    clear()
    database
      .prepare('INSERT INTO scope (id, name) VALUES (1, ?) ON CONFLICT DO UPDATE SET name = excluded.name')
      .run(scope)
  })
}
