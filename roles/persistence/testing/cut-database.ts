import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import type { Database } from '../open-database.ts'

/** A database file and its log as they lie on disk when a commit has returned. */
export type DatabaseImage = { readonly file: Uint8Array; readonly log: Uint8Array }

/** The files of a database now; its log is empty when there is none. */
export function readImage(path: string): DatabaseImage {
  const log = existsSync(`${path}-wal`) ? readFileSync(`${path}-wal`) : new Uint8Array(0)
  return { file: readFileSync(path), log }
}

/** Smallest unit that a disk writes whole. */
const sectorBytes = 512

/**
 * The files after a power cut between two images: each sector in which they differ is old or new, as chance has it. Before
 * the commit returned, SQLite has synced none of it, so any mixture is possible.
 */
export function mixImages(before: DatabaseImage, after: DatabaseImage, random: () => number): DatabaseImage {
  return { file: mix(before.file, after.file, random), log: mix(before.log, after.log, random) }
}

/**
 * As `mixImages`, while a checkpoint copies pages into the file: the log was synced before and is whole.
 */
export function mixCheckpoint(before: DatabaseImage, after: DatabaseImage, random: () => number): DatabaseImage {
  return { file: mix(before.file, after.file, random), log: before.log }
}

/** Puts an image where a process will open it. */
export function writeImage(path: string, image: DatabaseImage): void {
  writeFileSync(path, image.file)
  if (image.log.length > 0) writeFileSync(`${path}-wal`, image.log)
}

function mix(before: Uint8Array, after: Uint8Array, random: () => number): Uint8Array {
  const bias = random()
  const length = random() < 0.5 ? after.length : before.length + Math.floor(random() * (after.length - before.length))
  const mixed = new Uint8Array(Math.max(0, length))
  mixed.set(before.subarray(0, mixed.length))
  for (let at = 0; at < mixed.length; at += sectorBytes) {
    if (random() < bias) mixed.set(after.subarray(at, Math.min(at + sectorBytes, mixed.length)), at)
  }
  return mixed
}

/** The same database, with a word after each commit. */
export function tellCommits(database: Database, onCommit: () => void): Database {
  let inside = 0
  return {
    ...database,
    prepare(sql) {
      const statement = database.prepare(sql)
      return {
        ...statement,
        run(...values) {
          const result = statement.run(...values)
          if (inside === 0) onCommit()
          return result
        },
      }
    },
    transaction(work) {
      inside++
      let result
      try {
        result = database.transaction(work)
      } finally {
        inside--
      }
      if (inside === 0) onCommit()
      return result
    },
  }
}
