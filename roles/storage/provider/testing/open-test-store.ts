import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Allowance } from '../../../api/allowance.ts'
import type { RoleEvent } from '../../../api/messages.ts'
import { silentLog } from '../../../api/values.ts'
import { openDatabase, type Database } from '../../../persistence/index.ts'
import { createDiskHealth } from '../disk-health.ts'
import { createPieceFiles } from '../piece-files.ts'
import { createPieceIndex, providerMigrations } from '../piece-index.ts'
import { createPieceStore } from '../piece-store.ts'
import { createProblems } from '../problems.ts'
import { recoverStore } from '../recover.ts'

/** A piece store on real disk without network and chain. */
export async function openTestStore(
  directory: string,
  allowance: () => Allowance,
  workDirectory = join(directory, 'work'),
  /** Stands between the store and its database. */
  wrap: (database: Database) => Database = (database) => database,
) {
  mkdirSync(workDirectory, { recursive: true })
  const events: RoleEvent[] = []
  const context = { emit: (event: RoleEvent) => void events.push(event), changed: () => undefined, log: silentLog }
  const database = wrap(openDatabase(join(directory, 'index.sqlite'), providerMigrations))
  const index = createPieceIndex(database)
  const problems = createProblems(context)
  const disk = createDiskHealth(workDirectory, index, problems)
  const files = createPieceFiles(workDirectory)
  await disk.check()
  const recovery = disk.fault() === null ? await recoverStore(files, index, silentLog) : null
  const store = createPieceStore({ files, index, disk, problems, context, allowance })
  return { store, index, disk, files, problems, events, recovery, workDirectory, close: () => database.close() }
}
