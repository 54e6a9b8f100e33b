import { createHash, type Hash } from 'node:crypto'
import { constants } from 'node:fs'
import { access, open, rename, rm, type FileHandle } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { acquireLock, syncDirectory } from '../../persistence/index.ts'
import type { Manifest } from '../protocol/manifest.ts'
import { segmentSpan } from '../protocol/segments.ts'
import { outputUnwritable } from './output-file.ts'
import type { SegmentSink } from './fetch-segments.ts'
import { openResumeLog, type ResumeLog } from './resume-log.ts'

/** A file under way that outlives an interruption: what was verified once is not fetched again. */
export type PartFile = SegmentSink & {
  /** Segments of an earlier try that are still as they were verified. */
  readonly segmentsThere: number
  /** Syncs and gives the file its name. */
  finish(): Promise<void>
  /** Closes; keeps what a later get can use, and nothing else. */
  leave(): Promise<void>
}

/** Bytes hashed at once when an earlier try is checked. */
const checkBytes = 4 * 1024 * 1024

/** Where an interrupted get of `path` keeps what it has. */
export function partPathOf(path: string): string {
  return join(dirname(path), `.${basename(path)}.hearth.part`)
}

/**
 * Opens the part file of an output, hashes every segment that an earlier try says it has, and keeps those that are unchanged.
 *
 * Throws OUTPUT_UNWRITABLE, also while another process writes the same output.
 */
export async function openPartFile(path: string, manifest: Manifest): Promise<PartFile> {
  const temporary = partPathOf(path)
  const guarded = <T>(work: Promise<T>): Promise<T> =>
    work.catch((cause: unknown) => Promise.reject(outputUnwritable(path, cause)))
  // The lock would make the folder; an output in a folder that is not there is a mistake.
  await guarded(access(dirname(path), constants.W_OK))
  const lock = await guarded(Promise.resolve().then(() => acquireLock(`${temporary}.lock`)))
  let file: FileHandle | null = null
  try {
    const log = await guarded(openResumeLog(`${temporary}.done`, subjectOf(manifest)))
    file = await guarded(open(temporary, constants.O_RDWR | constants.O_CREAT, 0o600))
    const there = await guarded(verifiedSegments(file, manifest, log))
    await guarded(file.truncate(manifest.bytes))
    return partFile({ path, temporary, file, log, there, guarded, release: () => lock.release() })
  } catch (error) {
    await file?.close().catch(() => undefined)
    lock.release()
    throw error
  }
}

/** The same content under the same keys, wherever its pieces are by now. */
export function subjectOf(manifest: Manifest): string {
  return `${Buffer.from(manifest.fileSalt).toString('hex')} ${manifest.bytes}`
}

type Parts = {
  readonly path: string
  readonly temporary: string
  readonly file: FileHandle
  readonly log: ResumeLog
  readonly there: Set<number>
  guarded<T>(work: Promise<T>): Promise<T>
  release(): void
}

function partFile({ path, temporary, file, log, there, guarded, release }: Parts): PartFile {
  let hash: Hash = createHash('sha256')
  let state: 'open' | 'finished' | 'left' = 'open'
  return {
    segmentsThere: there.size,
    wants: (segment) => !there.has(segment),
    async write(position, bytes) {
      hash.update(bytes)
      for (let done = 0; done < bytes.length;) {
        done += (await guarded(file.write(bytes, done, bytes.length - done, position + done))).bytesWritten
      }
    },
    async segmentDone(segment) {
      await guarded(log.note(String(segment), hash.digest('hex')))
      there.add(segment)
      hash = createHash('sha256')
    },
    async finish() {
      await guarded(file.sync())
      await guarded(file.close())
      await guarded(rename(temporary, path))
      state = 'finished'
      await log.remove()
      release()
      await syncDirectory(dirname(path))
    },
    async leave() {
      if (state !== 'open') return
      state = 'left'
      await file.close().catch(() => undefined)
      if (there.size === 0) await Promise.all([rm(temporary, { force: true }), log.remove()])
      release()
    },
  }
}

async function verifiedSegments(file: FileHandle, manifest: Manifest, log: ResumeLog): Promise<Set<number>> {
  const there = new Set<number>()
  const buffer = new Uint8Array(checkBytes)
  for (const [name, sha256] of log.done) {
    const segment = Number(name)
    if (!Number.isInteger(segment) || segment < 0 || segment >= manifest.segments.length) continue
    const { offsetBytes, plainBytes } = segmentSpan(manifest.bytes, segment)
    if ((await hashOf(file, offsetBytes, plainBytes, buffer)) === sha256) there.add(segment)
  }
  return there
}

async function hashOf(file: FileHandle, from: number, length: number, buffer: Uint8Array): Promise<string | null> {
  const hash = createHash('sha256')
  for (let done = 0; done < length;) {
    const { bytesRead } = await file.read(buffer, 0, Math.min(buffer.length, length - done), from + done)
    if (bytesRead === 0) return null
    hash.update(buffer.subarray(0, bytesRead))
    done += bytesRead
  }
  return hash.digest('hex')
}
