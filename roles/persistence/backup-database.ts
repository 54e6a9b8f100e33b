import { mkdir, open, readdir, rename, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { backup, type DatabaseSyncInstance } from '@photostructure/sqlite'
import { syncDirectory } from './sync-directory.ts'
import { temporarySuffix } from './write-file-atomic.ts'

/**
 * Writes a consistent copy of a database that is in use and removes all but the newest `keep`.
 * The copy appears complete or not at all. Resolves to its path.
 */
export async function backupDatabase(
  source: DatabaseSyncInstance,
  sourcePath: string,
  directory: string,
  keep: number,
): Promise<string> {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const stem = basename(sourcePath)
  const target = join(directory, `${stem}.${new Date().toISOString().replaceAll(/[:.]/g, '-')}.backup`)
  const temporary = `${target}${temporarySuffix}`
  await backup(source, temporary)
  const handle = await open(temporary, 'r+')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(temporary, target)
  const copies = (await readdir(directory)).filter((name) => name.startsWith(`${stem}.`) && name.endsWith('.backup'))
  const old = copies.sort().slice(0, Math.max(0, copies.length - Math.max(1, keep)))
  for (const name of old) await rm(join(directory, name), { force: true })
  await syncDirectory(directory)
  return target
}
