import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { writeFileAtomic } from '../../../roles/persistence/index.ts'
import type { StoredFile } from './rhythm.ts'

const recordsSchema = z.array(
  z.object({ manifest: z.string(), sha256: z.string(), bytes: z.number(), nodes: z.array(z.string()) }),
)

/** The files that the practice customer has on the network, kept over restarts. */
export async function readFileRecords(directory: string): Promise<readonly StoredFile[]> {
  try {
    return recordsSchema.parse(JSON.parse(await readFile(join(directory, 'files.json'), 'utf8')))
  } catch {
    // Without the records the customer begins to store anew; the pieces of before are paid until their escrow ends.
    return []
  }
}

export async function writeFileRecords(directory: string, files: readonly StoredFile[]): Promise<void> {
  await writeFileAtomic(join(directory, 'files.json'), JSON.stringify(files), { mode: 0o600 })
}
