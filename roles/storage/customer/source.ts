import { open } from 'node:fs/promises'
import { HearthError } from '../../api/errors.ts'
import type { ArchivePlace } from '../protocol/manifest.ts'

/** Bytes to store: a length that is known before and does not change, and random access. */
export type Source = {
  readonly size: number
  /** Fills `target` (which may lie in shared memory) from that position; fewer bytes only at the end. */
  read(position: number, target: Uint8Array): Promise<number>
  /** Changes when a file does (lengths, times, names), without reading contents. */
  readonly fingerprint?: string
  /** For many files in one stream: where their table of contents stands. */
  readonly archive?: ArchivePlace
  /** Asked before anything is paid. Throws SOURCE_CHANGED when what was read may be half of an older and half of a newer state. */
  verify?(): Promise<void>
}

/** The file changed while it was being stored. */
export class SourceChangedError extends HearthError {
  constructor(what: string, cause?: unknown) {
    super('SOURCE_CHANGED', what, {
      action: 'Store it again when nothing writes to it.',
      cause,
    })
  }
}

/** Opens a file as a source. Throws HearthError SOURCE_UNREADABLE for a missing path or a folder. The caller closes it. */
export async function openFileSource(path: string): Promise<Source & { close(): Promise<void> }> {
  const file = await open(path, 'r').catch((cause: unknown) => {
    throw unreadable(path, cause)
  })
  try {
    const stats = await file.stat()
    if (!stats.isFile()) throw unreadable(path, new Error('not a regular file'))
    return {
      size: stats.size,
      fingerprint: `${stats.size} ${stats.mtimeMs}`,
      read: async (position, target) => (await file.read(target, 0, target.length, position)).bytesRead,
      async verify() {
        const now = await file.stat()
        if (now.size === stats.size && now.mtimeMs === stats.mtimeMs) return
        throw new SourceChangedError(`The file ${path} changed while it was being stored.`)
      },
      close: () => file.close(),
    }
  } catch (error) {
    await file.close()
    throw error
  }
}

/** Reads exactly `target.length` bytes. Throws SourceChangedError when the source ends before. */
export async function readFully(source: Source, position: number, target: Uint8Array): Promise<void> {
  for (let done = 0; done < target.length;) {
    const count = await source.read(position + done, target.subarray(done))
    if (count === 0)
      throw new SourceChangedError(`The file ended at byte ${position + done}, earlier than when storing it began.`)
    done += count
  }
}

function unreadable(path: string, cause: unknown): HearthError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new HearthError('SOURCE_UNREADABLE', `The file ${path} cannot be read: ${reason}.`, { cause })
}
