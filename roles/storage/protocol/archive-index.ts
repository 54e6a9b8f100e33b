import { decode, encode } from 'cborg'
import { z } from 'zod'
import { HearthError } from '../../api/errors.ts'

/** Why a table of contents cannot be used, or a name cannot be stored or restored. */
export class ArchiveError extends HearthError {}

/** Longest path, counted in UTF-16 units; Linux has 4096 bytes. */
const longestPath = 4096
/** A million small files in one put; more are several puts. */
export const mostEntries = 1_000_000
/** Bound of the table of contents, checked before anything is fetched. */
export const largestIndexBytes = 128 * 1024 * 1024

const path = z.string().min(1).max(longestPath)
const mtimeMs = z.number().int().nonnegative()
const mode = z.number().int().min(0).max(0o777)

const entrySchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('file'), path, bytes: z.number().int().nonnegative(), mtimeMs, mode }),
  z.strictObject({ kind: z.literal('folder'), path, mtimeMs, mode }),
  /** A symbolic link that stays inside what is stored; `target` as the file system has it. */
  z.strictObject({ kind: z.literal('link'), path, target: path, mtimeMs }),
])

const indexSchema = z.strictObject({ formatVersion: z.literal(1), entries: z.array(entrySchema).max(mostEntries) })

/** One thing in an archive. Contents stand one after the other in the order of the files. */
export type ArchiveEntry = Readonly<z.infer<typeof entrySchema>>

/** A file and where its content stands in the stored stream. */
export type PlacedFile = Extract<ArchiveEntry, { kind: 'file' }> & { readonly offsetBytes: number }

/** The table of contents as bytes. Throws ArchiveError for entries that could not be restored anywhere. */
export function encodeIndex(entries: readonly ArchiveEntry[]): Uint8Array {
  checkEntries(entries)
  return encode(indexSchema.parse({ formatVersion: 1, entries }))
}

/**
 * Reads and checks a table of contents. Throws ArchiveError INDEX_INVALID for one that is malformed, does not fill its stream,
 * or names places outside the folder it is restored to.
 */
export function decodeIndex(bytes: Uint8Array, contentBytes: number): readonly ArchiveEntry[] {
  const parsed = indexSchema.safeParse(decoded(bytes))
  if (!parsed.success) throw invalid(`its shape is wrong at ${parsed.error.issues[0]?.path.join('.') || 'the top'}`)
  const { entries } = parsed.data
  checkEntries(entries)
  const total = entries.reduce((sum, entry) => sum + (entry.kind === 'file' ? entry.bytes : 0), 0)
  if (total !== contentBytes) throw invalid(`its files have ${total} bytes where ${contentBytes} are stored`)
  return entries
}

/** Every file with the place of its content. */
export function placeFiles(entries: readonly ArchiveEntry[]): PlacedFile[] {
  let offsetBytes = 0
  return entries.flatMap((entry) => {
    if (entry.kind !== 'file') return []
    const placed = { ...entry, offsetBytes }
    offsetBytes += entry.bytes
    return [placed]
  })
}

/** The entry of that path and all that is below it; empty when there is none. */
export function selectEntries(entries: readonly ArchiveEntry[], wanted: string): ArchiveEntry[] {
  const folder = `${wanted}/`
  return entries.filter((entry) => entry.path === wanted || entry.path.startsWith(folder))
}

/** Throws ArchiveError INDEX_INVALID unless every path stays inside, appears once, and only folders have something below them. */
export function checkEntries(entries: readonly ArchiveEntry[]): void {
  const kinds = new Map<string, ArchiveEntry['kind']>()
  for (const entry of entries) {
    const problem = pathProblem(entry.path)
    if (problem !== null) throw invalid(`the name ${JSON.stringify(entry.path)} ${problem}`)
    if (kinds.has(entry.path)) throw invalid(`the name ${JSON.stringify(entry.path)} appears twice`)
    kinds.set(entry.path, entry.kind)
    if (entry.kind === 'link' && !staysInside(entry.path, entry.target))
      throw invalid(`the link ${JSON.stringify(entry.path)} leads outside`)
  }
  for (const entry of entries) {
    for (const parent of parentsOf(entry.path)) {
      const kind = kinds.get(parent)
      if (kind !== undefined && kind !== 'folder')
        throw invalid(`${JSON.stringify(parent)} is no folder and has something below it`)
    }
  }
}

/** What is wrong with a path whatever the computer; null when nothing is. */
export function pathProblem(text: string): string | null {
  if (text.includes('\0')) return 'contains a NUL'
  if (text.startsWith('/')) return 'is absolute'
  const parts = text.split('/')
  if (parts.includes('..')) return 'climbs out of its folder with ..'
  if (parts.includes('') || parts.includes('.')) return 'has an empty part'
  return null
}

/** True when a link's target, seen from the link, stays below the common root. Only relative targets do. */
export function staysInside(link: string, target: string): boolean {
  if (
    target === '' ||
    target.startsWith('/') ||
    target.includes('\0') ||
    target.includes('\\') ||
    /^[A-Za-z]:/.test(target)
  )
    return false
  let depth = link.split('/').length - 1
  for (const part of target.split('/')) {
    if (part === '..') depth--
    else if (part !== '' && part !== '.') depth++
    if (depth < 0) return false
  }
  return true
}

/** Every folder above a path, the outermost first. */
export function parentsOf(text: string): string[] {
  const parts = text.split('/')
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('/'))
}

function decoded(bytes: Uint8Array): unknown {
  try {
    return decode(bytes, { strict: true, rejectDuplicateMapKeys: true })
  } catch {
    throw invalid('it is not CBOR')
  }
}

function invalid(why: string): ArchiveError {
  return new ArchiveError('INDEX_INVALID', `The table of contents cannot be used: ${why}.`, {
    action: 'Use a copy of the manifest, or store the folder again.',
  })
}
