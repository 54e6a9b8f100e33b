import { existsSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite'
import { backupDatabase } from './backup-database.ts'
import { DatabaseError } from './errors.ts'
import { migrate, type Migration } from './migrate.ts'

/** What a statement takes. Numbers outside the safe integers must be given as bigint; wei is kept as text. */
export type SqlValue = null | number | bigint | string | Uint8Array

/** One row as it came from the database; parse it with a schema where its shape matters. */
export type Row = Readonly<Record<string, unknown>>

/** A prepared statement; prepare once, run often. */
export type Statement = {
  run(...values: SqlValue[]): { changes: number }
  get(...values: SqlValue[]): Row | null
  all(...values: SqlValue[]): Row[]
}

/** One connection to one SQLite file, synchronous, durable at every commit. */
export type Database = {
  readonly path: string
  prepare(sql: string): Statement
  exec(sql: string): void
  /** Runs `work` as one immediate transaction: all of it is durable when this returns, or none of it happened. */
  transaction<T>(work: () => T): T
  /** Writes a consistent copy beside writers and rotates the older copies (QUALITY R3). Resolves to the copy's path. */
  backup(directory: string, options?: { keep?: number }): Promise<string>
  close(): void
}

/** First SQLite without the WAL-reset corruption that was found in early 2026 (QUALITY R3). */
const minimumSqliteVersion = [3, 51, 3] as const

/** Milliseconds that a statement waits for another process that writes. */
const busyTimeoutMs = 5_000

/**
 * Opens a database, checks it and brings its schema up to date.
 *
 * WAL with `synchronous = FULL`: a commit that returned survives a power cut. On macOS fsync alone leaves bytes in the
 * drive's cache, hence `fullfsync`. Throws DatabaseError with code DATABASE_DAMAGED, DATABASE_TOO_NEW or
 * SQLITE_TOO_OLD; the file is left as it was in each of these cases.
 */
export function openDatabase(path: string, migrations: readonly Migration[]): Database {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const existed = existsSync(path)
  const raw = openRaw(path)
  try {
    assertVersion(raw)
    configure(raw)
    if (existed) quickCheck(raw, path)
    migrate(raw, path, migrations)
    return adapt(raw, path)
  } catch (error) {
    raw.close()
    throw isDamage(error) ? damaged(path, messageOf(error), error) : error
  }
}

/** SQLITE_CORRUPT and SQLITE_NOTADB: the file itself is wrong, whichever statement noticed it. */
function isDamage(error: unknown): boolean {
  if (!(error instanceof Error) || !('errcode' in error)) return false
  const primary = Number(error.errcode) & 0xff
  return primary === 11 || primary === 26
}

/**
 * Opens a database that another process owns, only to look: no migration, no check, nothing is written.
 * Throws DatabaseError with code DATABASE_UNREADABLE.
 */
export function openDatabaseForReading(path: string): Database {
  return adapt(openRaw(path, true), path)
}

function openRaw(path: string, readOnly = false): DatabaseSyncInstance {
  try {
    return new DatabaseSync(path, { timeout: busyTimeoutMs, enableForeignKeyConstraints: true, readOnly })
  } catch (error) {
    throw new DatabaseError('DATABASE_UNREADABLE', `The database ${path} cannot be opened: ${messageOf(error)}.`, {
      action: 'Check that the disk is connected and that this user may write there.',
      cause: error,
    })
  }
}

function assertVersion(raw: DatabaseSyncInstance): void {
  const row: unknown = raw.prepare('SELECT sqlite_version() AS version').get()
  const version = String((row as Row)['version'])
  const parts = version.split('.').map(Number)
  for (const [index, wanted] of minimumSqliteVersion.entries()) {
    const part = parts[index] ?? 0
    if (part > wanted) return
    if (part < wanted) {
      throw new DatabaseError('SQLITE_TOO_OLD', `SQLite ${version} is older than ${minimumSqliteVersion.join('.')}.`, {
        action: 'Install the packages again; the pinned one is newer.',
      })
    }
  }
}

function configure(raw: DatabaseSyncInstance): void {
  raw.exec(
    'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA fullfsync = ON; PRAGMA checkpoint_fullfsync = ON;' +
      'PRAGMA trusted_schema = OFF; PRAGMA wal_autocheckpoint = 1000; PRAGMA journal_size_limit = 67108864;',
  )
}

function quickCheck(raw: DatabaseSyncInstance, path: string): void {
  const row: unknown = raw.prepare('PRAGMA quick_check(1)').get()
  const answer = String(Object.values(row as Row)[0])
  if (answer !== 'ok') throw damaged(path, answer, undefined)
}

function damaged(path: string, why: string, cause: unknown): DatabaseError {
  return new DatabaseError('DATABASE_DAMAGED', `The database ${path} is damaged: ${why}.`, {
    action: `Put the newest file of ${path}.backups in its place, or move it away to begin anew.`,
    cause,
  })
}

function adapt(raw: DatabaseSyncInstance, path: string): Database {
  let depth = 0
  return {
    path,
    prepare(sql) {
      const statement = raw.prepare(sql)
      return {
        run: (...values) => ({ changes: Number(statement.run(...values).changes) }),
        get: (...values) => (statement.get(...values) as Row | undefined) ?? null,
        all: (...values) => statement.all(...values) as Row[],
      }
    },
    exec: (sql) => raw.exec(sql),
    transaction(work) {
      if (depth > 0) return work()
      raw.exec('BEGIN IMMEDIATE')
      depth++
      try {
        const result = work()
        raw.exec('COMMIT')
        return result
      } catch (error) {
        if (raw.isTransaction) raw.exec('ROLLBACK')
        throw error
      } finally {
        depth--
      }
    },
    backup: (directory, options) => backupDatabase(raw, path, directory, options?.keep ?? 3),
    close() {
      if (raw.isOpen) raw.close()
    },
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
