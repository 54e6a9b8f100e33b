import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { EntryName } from '../../api/platform.ts'
import { HearthError } from '../../../roles/api/errors.ts'

/** How far above the running file a bundle may lie: an entry itself, a chunk folder, or the sources beside `out`. */
const levelsUp = 5

/** The bundled files are not there: a checkout that was not built, or a damaged installation. */
export class EntryMissingError extends HearthError {}

/**
 * The built file of an entry: beside the running bundle (`out/main`), or in `out/main` of a checkout whose sources run.
 * Throws EntryMissingError with what to do.
 */
export function findEntry(entry: EntryName, from: string): string {
  for (const directory of candidates(from)) {
    const file = join(directory, `${entry}.js`)
    if (existsSync(file)) return file
  }
  throw new EntryMissingError('ENTRY_MISSING', `The built file of "${entry}" was not found near ${from}.`, {
    action: 'In a checkout run `npm run -s hearth -- doctor`, which builds; otherwise install Hearth again.',
  })
}

function candidates(from: string): string[] {
  const found: string[] = []
  let directory = from
  for (let level = 0; level < levelsUp; level++) {
    found.push(directory, join(directory, 'out', 'main'))
    directory = dirname(directory)
  }
  return found
}
