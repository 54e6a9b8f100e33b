import { createHash, randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { chmod, lstat, mkdir, open, rename, rm, symlink, utimes, type FileHandle } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { acquireLock, temporarySuffix, type Lock } from '../../../persistence/index.ts'
import { parentsOf, placeFiles, type ArchiveEntry, type PlacedFile } from '../../protocol/archive-index.ts'
import { checkNames, nameRulesOf } from '../../protocol/portable-names.ts'
import { outputUnwritable } from '../output-file.ts'
import { partPathOf } from '../part-file.ts'
import { openResumeLog, type ResumeLog } from '../resume-log.ts'

/** Files that appear one by one, each under its name only when it is whole. */
export type TreeWriter = {
  /** Files that an interrupted try had restored and that are still what was verified then. */
  readonly filesThere: number
  /** True when a file that is still missing has bytes in [from, to). */
  wants(from: number, to: number): boolean
  /** Bytes of the stored stream from that position on; positions only grow. What belongs to no wanted file is passed over. */
  write(position: number, bytes: Uint8Array): Promise<void>
  /** Sets links, modes and times of folders. Throws when a file did not get all of its bytes. */
  finish(): Promise<void>
  /** Removes the file under way; whole ones stay, and the log beside the folder tells the next try about them. */
  leave(): Promise<void>
}

/**
 * Restores entries of an archive below `folder`, which is made when it is not there (the one above it must be).
 *
 * Nothing is ever written outside: every folder on the way must be a real one, not a link. Throws ArchiveError NAME_UNUSABLE before
 * anything is written, and OUTPUT_UNWRITABLE.
 */
export async function openTreeWriter(
  folder: string,
  all: readonly ArchiveEntry[],
  wanted: ReadonlySet<string>,
  options: { subject: string; platform?: string },
): Promise<TreeWriter> {
  const entries = all.filter((entry) => wanted.has(entry.path))
  checkNames(entries, nameRulesOf(options.platform ?? process.platform))
  await makeFolder(folder)
  const folders = new Set<string>()
  for (const entry of entries) {
    for (const path of [...parentsOf(entry.path), ...(entry.kind === 'folder' ? [entry.path] : [])]) {
      if (!folders.has(path)) await makeFolder(join(folder, path))
      folders.add(path)
    }
  }
  const lock = await guarded(
    folder,
    Promise.resolve().then(() => acquireLock(`${partPathOf(folder)}.lock`)),
  )
  try {
    const log = await guarded(folder, openResumeLog(`${partPathOf(folder)}.done`, options.subject))
    const wantedFiles = placeFiles(all).filter((file) => wanted.has(file.path))
    const files = await missingFiles(folder, wantedFiles, log)
    return treeWriter({ folder, entries, files, log, lock, filesThere: wantedFiles.length - files.length })
  } catch (error) {
    lock.release()
    throw error
  }
}

type Parts = {
  readonly folder: string
  readonly entries: readonly ArchiveEntry[]
  readonly files: readonly PlacedFile[]
  readonly log: ResumeLog
  readonly lock: Lock
  readonly filesThere: number
}

function treeWriter({ folder, entries, files, log, lock, filesThere }: Parts): TreeWriter {
  const writer = fileWriter(folder, files, log)
  return {
    filesThere,
    wants(from, to) {
      const file = files[firstEndingAfter(files, from)]
      return file !== undefined && file.offsetBytes < to
    },
    write: (position, bytes) => writer.write(position, bytes),
    async finish() {
      await writer.finish()
      await setLinks(folder, entries)
      await setFolders(folder, entries)
      await log.remove()
    },
    async leave() {
      await writer.discard()
      if (log.done.size === 0 && writer.written() === 0) await log.remove()
      lock.release()
    },
  }
}

/** Index of the first file whose content ends after a position, by halving; ends only grow along the list. */
function firstEndingAfter(files: readonly PlacedFile[], position: number): number {
  let [low, high] = [0, files.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (files[middle]!.offsetBytes + files[middle]!.bytes > position) high = middle
    else low = middle + 1
  }
  return low
}

/** Files that the log does not know, or that are not any more what it says. */
async function missingFiles(folder: string, files: readonly PlacedFile[], log: ResumeLog): Promise<PlacedFile[]> {
  const missing: PlacedFile[] = []
  for (const file of files) {
    const sha256 = log.done.get(file.path)
    if (sha256 === undefined || (await hashOfFile(join(folder, file.path), file.bytes)) !== sha256) missing.push(file)
  }
  return missing
}

async function hashOfFile(path: string, bytes: number): Promise<string | null> {
  const stats = await lstat(path).catch(() => null)
  if (stats?.isFile() !== true || stats.size !== bytes) return null
  const hash = createHash('sha256')
  try {
    for await (const part of createReadStream(path)) hash.update(part as Buffer)
  } catch {
    return null
  }
  return hash.digest('hex')
}

/** A folder that is there already must be one; a link in its place would lead outside. */
async function makeFolder(path: string): Promise<void> {
  const made = await mkdir(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => (error.code === 'EEXIST' ? false : Promise.reject(outputUnwritable(path, error))),
  )
  if (made) return
  const stats = await guarded(path, lstat(path))
  if (!stats.isDirectory()) throw outputUnwritable(path, new Error('something else than a folder is in its place'))
}

function fileWriter(folder: string, files: readonly PlacedFile[], log: ResumeLog) {
  let next = 0
  let hash = createHash('sha256')
  let current: { handle: FileHandle; temporary: string; left: number } | null = null
  const begin = async (file: PlacedFile): Promise<void> => {
    const path = join(folder, file.path)
    const temporary = join(
      dirname(path),
      `.${basename(path).slice(0, 80)}.${randomBytes(6).toString('hex')}${temporarySuffix}`,
    )
    current = { handle: await guarded(path, open(temporary, 'wx', 0o600)), temporary, left: file.bytes }
  }
  const end = async (file: PlacedFile): Promise<void> => {
    const { handle, temporary } = current!
    const path = join(folder, file.path)
    const seconds = file.mtimeMs / 1000
    await guarded(
      path,
      handle.chmod(file.mode).then(() => handle.utimes(seconds, seconds)),
    )
    await guarded(path, handle.close())
    await guarded(path, rename(temporary, path))
    await guarded(path, log.note(file.path, hash.digest('hex')))
    hash = createHash('sha256')
    current = null
    next++
  }
  /** Files without content have no bytes that could bring them about. */
  const writeEmpty = async (): Promise<void> => {
    while (files[next]?.bytes === 0) {
      await begin(files[next]!)
      await end(files[next]!)
    }
  }
  return {
    written: () => next,
    async write(position: number, bytes: Uint8Array): Promise<void> {
      const until = position + bytes.length
      for (await writeEmpty(); next < files.length; await writeEmpty()) {
        const file = files[next]!
        const from = file.offsetBytes + (current === null ? 0 : file.bytes - current.left)
        if (from >= until) return
        if (from < position) throw new RangeError(`Bytes of ${file.path} were passed over.`)
        if (current === null) await begin(file)
        const { handle, left } = current!
        const part = bytes.subarray(from - position, Math.min(bytes.length, from - position + left))
        await guarded(file.path, handle.writeFile(part))
        hash.update(part)
        current!.left -= part.length
        if (current!.left > 0) return
        await end(file)
      }
    },
    async finish(): Promise<void> {
      await writeEmpty()
      if (next < files.length) throw new RangeError(`${files.length - next} files did not get all of their bytes.`)
    },
    async discard(): Promise<void> {
      const last = current
      current = null
      if (last === null) return
      await last.handle.close().catch(() => undefined)
      await rm(last.temporary, { force: true })
    },
  }
}

/** Last, so that nothing is ever written through one. */
async function setLinks(folder: string, entries: readonly ArchiveEntry[]): Promise<void> {
  for (const entry of entries) {
    if (entry.kind !== 'link') continue
    const path = join(folder, entry.path)
    const stats = await lstat(path).catch(() => null)
    if (stats?.isDirectory()) throw outputUnwritable(path, new Error('a folder is in its place'))
    if (stats !== null) await guarded(path, rm(path))
    await guarded(path, symlink(entry.target, path))
  }
}

/** The innermost first: what is written into a folder changes its time, and a mode may forbid to write at all. */
async function setFolders(folder: string, entries: readonly ArchiveEntry[]): Promise<void> {
  for (const entry of [...entries].reverse()) {
    if (entry.kind !== 'folder') continue
    const path = join(folder, entry.path)
    await guarded(path, chmod(path, entry.mode))
    await guarded(path, utimes(path, entry.mtimeMs / 1000, entry.mtimeMs / 1000))
  }
}

function guarded<T>(path: string, work: Promise<T>): Promise<T> {
  return work.catch((cause: unknown) => Promise.reject(outputUnwritable(path, cause)))
}
