import { createHash } from 'node:crypto'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { writeFileAtomic } from '../../persistence/index.ts'

/**
 * Keeps a copy of a manifest in the customer's own folder before anything is paid, so that a crash between the payment
 * and the writing of the caller's file loses nothing. The name says nothing about the content.
 *
 * @returns removes the copy again, for a put that failed before it paid
 */
export async function keepManifest(dataDirectory: string, manifest: Uint8Array): Promise<() => Promise<void>> {
  const folder = join(dataDirectory, 'manifests')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const name = `${createHash('sha256').update(manifest).digest('hex').slice(0, 32)}.manifest`
  const path = join(folder, name)
  await writeFileAtomic(path, manifest)
  return () => rm(path, { force: true })
}
