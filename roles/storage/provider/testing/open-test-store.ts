import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Allowance } from '../../../api/allowance.ts'
import type { RoleEvent } from '../../../api/messages.ts'
import { silentLog } from '../../../api/values.ts'
import { openDatabase, type Database } from '../../../persistence/index.ts'
import { createDiskRecords } from '../disks/disk-records.ts'
import { createDiskSet } from '../disks/disk-set.ts'
import type { RecoveryReport } from '../disks/recover-disk.ts'
import type { PieceFiles } from '../piece-files.ts'
import { createPieceIndex, providerMigrations } from '../piece-index.ts'
import { createPieceStore } from '../piece-store.ts'
import { createProblems } from '../../../upkeep/problems.ts'
import { storageProblems } from '../storage-problems.ts'

/** A piece store on real disk without network and chain; of one folder unless the allowance lists several. */
export async function openTestStore(
  directory: string,
  allowance: () => Allowance,
  workDirectory = join(directory, 'work'),
  /** Stands between the store and its database. */
  wrap: (database: Database) => Database = (database) => database,
  openFiles?: (folder: string) => PieceFiles,
) {
  mkdirSync(workDirectory, { recursive: true })
  const events: RoleEvent[] = []
  const context = { emit: (event: RoleEvent) => void events.push(event), changed: () => undefined, log: silentLog }
  const database = wrap(openDatabase(join(directory, 'index.sqlite'), providerMigrations))
  const index = createPieceIndex(database)
  const problems = createProblems(context, storageProblems)
  const reports: RecoveryReport[] = []
  const disks = createDiskSet({
    workDirectory,
    index,
    records: createDiskRecords(database),
    problems,
    log: silentLog,
    allowance,
    neededLatencyMs: () => 1_000,
    onRecovered: (_disk, report) => void reports.push(report),
    ...(openFiles === undefined ? {} : { openFiles }),
  })
  await disks.check()
  const store = createPieceStore({ index, disks, problems, context })
  return {
    store,
    index,
    disks,
    problems,
    events,
    /** What the opening found, disk by disk; empty when none was there. */
    recoveries: [...reports],
    workDirectory,
    close: () => database.close(),
  }
}
