import { access, constants, readFile, stat } from 'node:fs/promises'
import { HearthError } from '../../../../roles/api/errors.ts'

/** A file that a verb was given is missing or no file; wrong input. */
export class FileNotFoundError extends HearthError {}

/** Manifests of a file of 10 TiB stay below this; a longer file is something else. */
const largestManifestBytes = 256 * 1024 * 1024

/** The bytes of a manifest that somebody named. Throws FileNotFoundError. */
export async function readManifest(path: string): Promise<Uint8Array> {
  const { size } = await requireFile(path)
  if (size > largestManifestBytes) throw new FileNotFoundError('FILE_NOT_FOUND', `${path} is too large for a manifest.`)
  return readFile(path)
}

/** A regular file that may be read. Throws FileNotFoundError. */
export async function requireFile(path: string): Promise<{ size: number }> {
  const found = await stat(path).catch(() => null)
  if (found === null) throw new FileNotFoundError('FILE_NOT_FOUND', `There is no file ${path}.`)
  if (!found.isFile()) throw new FileNotFoundError('FILE_NOT_FOUND', `${path} is not a regular file.`)
  await access(path, constants.R_OK).catch(() => {
    throw new FileNotFoundError('FILE_NOT_FOUND', `The file ${path} may not be read.`)
  })
  return found
}

/** Asked before anything is paid: a manifest that cannot be written would be found out too late. */
export async function requireWritableFolder(folder: string): Promise<void> {
  await access(folder, constants.W_OK).catch(() => {
    throw new FileNotFoundError('FILE_NOT_FOUND', `The folder ${folder} does not exist or may not be written to.`)
  })
}

/** A file or folder that may be read. Throws FileNotFoundError. */
export async function requireReadable(path: string): Promise<void> {
  if ((await stat(path).catch(() => null)) === null)
    throw new FileNotFoundError('FILE_NOT_FOUND', `There is no file or folder ${path}.`)
  await access(path, constants.R_OK).catch(() => {
    throw new FileNotFoundError('FILE_NOT_FOUND', `${path} may not be read.`)
  })
}
