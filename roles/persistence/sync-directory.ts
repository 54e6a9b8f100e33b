import { open } from 'node:fs/promises'

/**
 * Makes creations, renames and removals in a directory durable.
 *
 * Windows has no directory sync (opening one fails with EPERM or EISDIR); NTFS journals the rename itself.
 */
export async function syncDirectory(path: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
