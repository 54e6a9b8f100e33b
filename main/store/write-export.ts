import { writeFileAtomic } from '../../roles/persistence/index.ts'
import { HearthError } from '../../roles/api/errors.ts'

/** A file that a person asked for could not be written; whatever was there before is still there. */
export class ExportError extends HearthError {}

/**
 * Writes a file where the person wanted it: whole, or not at all. Of a long text the parts are made one by one, and between two
 * of them everything else goes on. Rejects with ExportError, or with the error of a part that could not be made.
 */
export async function writeExport(path: string, text: string | Iterable<string>): Promise<void> {
  try {
    await writeFileAtomic(path, text)
  } catch (cause) {
    if (cause instanceof HearthError) throw cause
    throw new ExportError('EXPORT_UNWRITABLE', `The file ${path} could not be written.`, {
      action: 'Choose another folder, or make room on the disk.',
      cause,
    })
  }
}
