import { randomBytes } from 'node:crypto'
import { open, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { syncDirectory } from './sync-directory.ts'

/** Suffix of files that are being written; whatever carries it after a crash is rubbish. */
export const temporarySuffix = '.tmp'

/**
 * Writes a whole file so that after a crash either the old or the new content is there, never a mixture.
 *
 * Order: temporary file in the same directory, write, fsync, rename, fsync of the directory. `mode` is set before any
 * byte is written, so that a secret is never readable by others, not even for a moment. Parts are taken one after the other as
 * they are written; when one cannot be made, the old content stays.
 */
export async function writeFileAtomic(
  path: string,
  bytes: Uint8Array | string | Iterable<string>,
  options: { mode?: number } = {},
): Promise<void> {
  const directory = dirname(path)
  const temporary = join(directory, `.${basename(path)}.${randomBytes(6).toString('hex')}${temporarySuffix}`)
  const handle = await open(temporary, 'wx', options.mode ?? 0o600)
  try {
    const parts = typeof bytes === 'string' || bytes instanceof Uint8Array ? [bytes] : bytes
    // Each goes on where the one before ended.
    for (const part of parts) await handle.writeFile(part)
    await handle.sync()
    await handle.close()
    await rename(temporary, path)
  } catch (error) {
    await handle.close().catch(() => undefined)
    await rm(temporary, { force: true }).catch(() => undefined)
    throw error
  }
  await syncDirectory(directory)
}
