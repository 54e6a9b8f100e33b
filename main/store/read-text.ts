import { readFile } from 'node:fs/promises'

/** The text of a file, or null when it does not exist. */
export async function readTextIfThere(path: string): Promise<string | null> {
  return readFile(path, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  })
}
