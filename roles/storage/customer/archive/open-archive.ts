import { ArchiveError, decodeIndex, selectEntries, type ArchiveEntry } from '../../protocol/archive-index.ts'
import { ManifestError } from '../../protocol/manifest-envelope.ts'
import type { CustomerContext } from '../context.ts'
import { openStoredFile, type StoredFile } from '../stored-file.ts'

/** Many stored files, of which the names are known and any bytes can be read. */
export type StoredArchive = {
  readonly file: StoredFile
  readonly entries: readonly ArchiveEntry[]
  close(): void
}

/**
 * Opens an archive and fetches its table of contents, and nothing else. The caller closes it.
 *
 * Throws MANIFEST_OF_FILE for a manifest of a single file, ArchiveError INDEX_INVALID, TooFewPiecesError.
 */
export async function openStoredArchive(
  context: CustomerContext,
  manifest: Uint8Array,
  options: { signal?: AbortSignal } = {},
): Promise<StoredArchive> {
  const file = await openStoredFile(context, manifest)
  try {
    const { archive } = file.manifest
    if (archive === undefined) {
      throw new ManifestError('MANIFEST_OF_FILE', 'This manifest holds a single file, not a folder.', {
        action: 'Get it without --path.',
      })
    }
    const { indexOffset } = archive
    const entries = decodeIndex(await file.read(indexOffset, file.bytes - indexOffset, options), indexOffset)
    return { file, entries, close: () => file.close() }
  } catch (error) {
    file.close()
    throw error
  }
}

/** What `--path` names. Throws ArchiveError PATH_UNKNOWN. */
export function pathsOf(entries: readonly ArchiveEntry[], wanted: string | null): ReadonlySet<string> {
  const name = wanted?.replace(/\/+$/, '')
  const chosen = name === undefined ? entries : selectEntries(entries, name)
  if (chosen.length === 0) {
    throw new ArchiveError('PATH_UNKNOWN', `There is no ${JSON.stringify(wanted)} among the stored files.`, {
      action: '`hearth store list MANIFEST` shows them.',
    })
  }
  return new Set(chosen.map(({ path }) => path))
}
