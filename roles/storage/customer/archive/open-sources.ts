import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { openFileSource, type Source } from '../source.ts'
import { openArchiveSource } from './archive-source.ts'
import { scanTree, type ScannedTree } from './scan-tree.ts'

/** What a put reads, under the name it is known by. */
export type OpenedSources = {
  readonly source: Source
  readonly pathName: string
  /** Files that are stored; folders and links do not count. */
  readonly files: number
  readonly skipped: ScannedTree['skipped']
  close(): Promise<void>
}

/**
 * One file as it is, or folders and several files as one stream. The caller closes it.
 *
 * Throws SOURCE_UNREADABLE and ArchiveError.
 */
export async function openSources(
  paths: readonly string[],
  options: { signal?: AbortSignal } = {},
): Promise<OpenedSources> {
  const [first, ...others] = paths
  const only = others.length === 0 ? await stat(first!).catch(() => null) : null
  if (only?.isFile() === true) {
    const source = await openFileSource(first!)
    return { source, pathName: basename(first!), files: 1, skipped: [], close: () => source.close() }
  }
  const tree = await scanTree(paths, options)
  const source = openArchiveSource(tree)
  const pathName = others.length === 0 ? basename(first!) : `${basename(first!)} and ${others.length} more`
  return { source, pathName, files: tree.realPaths.size, skipped: tree.skipped, close: () => source.close() }
}
