import { createHash } from 'node:crypto'
import { constants, type Stats } from 'node:fs'
import { lstat, open, type FileHandle } from 'node:fs/promises'
import { encodeIndex, placeFiles, type PlacedFile } from '../../protocol/archive-index.ts'
import type { ArchivePlace } from '../../protocol/manifest.ts'
import { SourceChangedError, type Source } from '../source.ts'
import type { ScannedTree } from './scan-tree.ts'

/** Many files as one stream: contents in order, then the table of contents. */
export type ArchiveSource = Source & { readonly archive: ArchivePlace; close(): Promise<void> }

/** A file that became a link since the scan is not followed; Windows has no such flag. */
const noFollow = constants.O_NOFOLLOW ?? 0

/**
 * Makes one stream of a scanned tree; files are opened one at a time, when their bytes are asked for.
 *
 * A read throws SOURCE_CHANGED when a file is not what the scan saw (length or time), so that no half-old file is stored.
 */
export function openArchiveSource(tree: ScannedTree): ArchiveSource {
  const index = encodeIndex(tree.entries)
  const files = placeFiles(tree.entries).filter((file) => file.bytes > 0)
  const indexOffset = files.reduce((sum, file) => sum + file.bytes, 0)
  const opened = oneAtATime(tree)
  return {
    size: indexOffset + index.length,
    fingerprint: createHash('sha256').update(index).digest('hex'),
    archive: { indexOffset, entries: tree.entries.length },
    async read(position, target) {
      if (position >= indexOffset) {
        const part = index.subarray(position - indexOffset, position - indexOffset + target.length)
        target.set(part)
        return part.length
      }
      const file = files[fileAt(files, position)]!
      const from = position - file.offsetBytes
      const handle = await opened.get(file)
      const wanted = target.subarray(0, Math.min(target.length, file.bytes - from))
      const { bytesRead } = await handle.read(wanted, 0, wanted.length, from)
      if (bytesRead === 0) throw changed(file)
      return bytesRead
    },
    async verify() {
      for (const file of files) {
        const stats = await lstat(tree.realPaths.get(file.path)!).catch(() => null)
        if (stats === null || !isSame(stats, file)) throw changed(file)
      }
    },
    close: () => opened.close(),
  }
}

/** The file whose content covers a position, by halving. */
function fileAt(files: readonly PlacedFile[], position: number): number {
  let [low, high] = [0, files.length - 1]
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (files[middle]!.offsetBytes <= position) low = middle
    else high = middle - 1
  }
  return low
}

/** The file that is being read stays open until another one is asked for. */
function oneAtATime({ realPaths }: ScannedTree) {
  let current: { path: string; handle: FileHandle } | null = null
  const close = async (): Promise<void> => {
    const last = current
    current = null
    await last?.handle.close()
  }
  return {
    close,
    async get(file: PlacedFile): Promise<FileHandle> {
      if (current?.path === file.path) return current.handle
      await close()
      const handle = await open(realPaths.get(file.path)!, constants.O_RDONLY | noFollow).catch((cause: unknown) => {
        throw changed(file, cause)
      })
      if (!isSame(await handle.stat(), file)) {
        await handle.close()
        throw changed(file)
      }
      current = { path: file.path, handle }
      return handle
    },
  }
}

function isSame(stats: Stats, file: PlacedFile): boolean {
  return stats.isFile() && stats.size === file.bytes && Math.floor(stats.mtimeMs) === file.mtimeMs
}

function changed(file: PlacedFile, cause?: unknown): SourceChangedError {
  return new SourceChangedError(`The file ${file.path} changed while it was being stored.`, cause)
}
