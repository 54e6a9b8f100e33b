import { constants } from 'node:fs'
import { access, realpath } from 'node:fs/promises'
import { dirname, parse } from 'node:path'
import type { Disk } from '../inventory.ts'
import type { SystemSources } from '../system-sources.ts'
import { mountOf, parseMountTable } from './mount-table.ts'

export type HomeDisk = { readonly disk: Disk; readonly device: string | null }

/** The nearest folder that exists: the home of a first start is not there yet. */
async function nearestExisting(path: string): Promise<string> {
  for (let folder = path; ; folder = dirname(folder)) {
    const real = await realpath(folder).catch(() => null)
    if (real !== null) return real
    if (dirname(folder) === folder) return folder
  }
}

/**
 * The file system that holds the home, from one system call and one small file: the first useful answer, and the one that is
 * there on machines where nothing else is known.
 */
export async function readHomeDisk(homeDirectory: string, sources: SystemSources): Promise<HomeDisk> {
  const path = await nearestExisting(homeDirectory)
  const size = await sources.fileSystemOf(path)
  const table = await sources.readText('/proc/self/mountinfo').catch(() => '')
  const mount = mountOf(path, parseMountTable(table))
  const writable = await access(path, constants.W_OK).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code !== 'EROFS',
  )
  return {
    device: mount?.device ?? null,
    disk: {
      mount: mount?.mount ?? parse(path).root,
      fileSystem: mount?.fileSystem ?? 'unknown',
      ...size,
      model: null,
      kind: 'unknown',
      health: 'unknown',
      readOnly: mount?.readOnly === true || !writable,
      holdsHome: true,
    },
  }
}
