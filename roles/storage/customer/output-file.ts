import { randomBytes } from 'node:crypto'
import { open, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { HearthError } from '../../api/errors.ts'
import { syncDirectory, temporarySuffix } from '../../persistence/index.ts'

/** A file that appears under its name only when it is whole. */
export type OutputFile = {
  /** Appends; the bytes may be reused once this resolves. */
  write(bytes: Uint8Array): Promise<void>
  /** Syncs and gives the file its name. */
  finish(): Promise<void>
  /** Removes what was written; nothing happens after `finish`. */
  discard(): Promise<void>
}

/** Opens a temporary file beside the wanted one. Throws HearthError OUTPUT_UNWRITABLE. */
export async function openOutputFile(path: string): Promise<OutputFile> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}${temporarySuffix}`)
  const guarded = <T>(work: Promise<T>): Promise<T> =>
    work.catch((cause: unknown) => Promise.reject(outputUnwritable(path, cause)))
  const file = await guarded(open(temporary, 'wx', 0o600))
  let state: 'open' | 'finished' | 'discarded' = 'open'
  return {
    async write(bytes) {
      for (let done = 0; done < bytes.length;) {
        done += (await guarded(file.write(bytes, done, bytes.length - done))).bytesWritten
      }
    },
    async finish() {
      await guarded(file.sync())
      await guarded(file.close())
      await guarded(rename(temporary, path))
      state = 'finished'
      await syncDirectory(dirname(path))
    },
    async discard() {
      if (state !== 'open') return
      state = 'discarded'
      await file.close().catch(() => undefined)
      await rm(temporary, { force: true })
    },
  }
}

/** The error for an output that cannot be written. */
export function outputUnwritable(path: string, cause: unknown): HearthError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new HearthError('OUTPUT_UNWRITABLE', `The file ${path} cannot be written: ${reason}.`, {
    action: 'Check that the folder exists, may be written to and has enough space.',
    cause,
  })
}
