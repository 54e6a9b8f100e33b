import { readdir, rm, rmdir } from 'node:fs/promises'
import { join } from 'node:path'
import { identityFileName, readIdentity } from './disk-identity.ts'

/**
 * Takes away what this store made in a folder that it no longer uses: empty folders and the identity of `disk`. Anything
 * else, and the folder of another disk, stays. Rejects with the file system's error.
 */
export async function leaveFolder(folder: string, disk: string): Promise<void> {
  const found = await readIdentity(folder)
  if (found.kind !== 'identity' || found.identity.disk !== disk) return
  const pieces = join(folder, 'pieces')
  for (const name of await namesIn(pieces)) {
    if (/^[0-9a-f]{2}$/.test(name)) await removeIfEmpty(join(pieces, name))
  }
  await removeIfEmpty(pieces)
  await removeIfEmpty(join(folder, 'incoming'))
  await rm(join(folder, identityFileName), { force: true })
  await removeIfEmpty(folder)
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => [])
}

async function removeIfEmpty(folder: string): Promise<void> {
  await rmdir(folder).catch((error: unknown) => {
    const code = error instanceof Error && 'code' in error ? error.code : null
    if (code !== 'ENOTEMPTY' && code !== 'ENOENT' && code !== 'EEXIST') throw error
  })
}
