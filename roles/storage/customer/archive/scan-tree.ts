import type { Stats } from 'node:fs'
import { lstat, readdir, readlink } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { HearthError } from '../../../api/errors.ts'
import { ArchiveError, mostEntries, pathProblem, staysInside, type ArchiveEntry } from '../../protocol/archive-index.ts'

/** What was found below the given paths; `realPaths` has the place on disk of each file, by its path in the archive. */
export type ScannedTree = {
  readonly entries: readonly ArchiveEntry[]
  readonly realPaths: ReadonlyMap<string, string>
  /** What is not stored, and why, for the person who asked. */
  readonly skipped: readonly { readonly path: string; readonly why: string }[]
}

type Scan = { entries: ArchiveEntry[]; realPaths: Map<string, string>; skipped: { path: string; why: string }[] }

/**
 * Lists files, folders (empty ones too) and links, sorted, each below the last part of the path it was given by.
 *
 * Links are never followed. Those that lead out of what is stored, and sockets, pipes and devices, are skipped with words.
 * Throws SOURCE_UNREADABLE, and ArchiveError NAMES_CLASH for two given paths with one last part.
 */
export async function scanTree(paths: readonly string[], options: { signal?: AbortSignal } = {}): Promise<ScannedTree> {
  const scan: Scan = { entries: [], realPaths: new Map(), skipped: [] }
  const names = new Map<string, string>()
  for (const path of paths) {
    const name = basename(path)
    if (name === '') throw new ArchiveError('NAMES_CLASH', 'The root of a disk has no name; name its folders.')
    const other = names.get(name)
    if (other !== undefined)
      throw new ArchiveError('NAMES_CLASH', `${other} and ${path} would both be stored as ${name}.`)
    names.set(name, path)
    await visit(scan, path, name, options.signal)
  }
  return scan
}

async function visit(scan: Scan, real: string, path: string, signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted()
  const stats = await readable(real, lstat(real))
  const problem = pathProblem(path)
  if (problem !== null) return void scan.skipped.push({ path, why: problem })
  if (scan.entries.length >= mostEntries)
    throw new ArchiveError('TOO_MANY_FILES', `More than ${mostEntries} files cannot be stored in one go.`, {
      action: 'Store the folders one by one.',
    })
  if (stats.isFile()) {
    scan.entries.push({ kind: 'file', path, bytes: stats.size, ...timeOf(stats), mode: stats.mode & 0o777 })
    scan.realPaths.set(path, real)
  } else if (stats.isDirectory()) {
    scan.entries.push({ kind: 'folder', path, ...timeOf(stats), mode: stats.mode & 0o777 })
    const names = await readable(real, readdir(real))
    for (const name of names.sort()) await visit(scan, join(real, name), `${path}/${name}`, signal)
  } else if (stats.isSymbolicLink()) {
    const target = await readable(real, readlink(real))
    if (staysInside(path, target)) scan.entries.push({ kind: 'link', path, target, ...timeOf(stats) })
    else scan.skipped.push({ path, why: 'a link that leads out of what is stored' })
  } else {
    scan.skipped.push({ path, why: 'neither a file nor a folder' })
  }
}

function timeOf(stats: Stats): { mtimeMs: number } {
  return { mtimeMs: Math.max(0, Math.floor(stats.mtimeMs)) }
}

async function readable<T>(path: string, work: Promise<T>): Promise<T> {
  return work.catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new HearthError('SOURCE_UNREADABLE', `${path} cannot be read: ${reason}.`, { cause })
  })
}
