import { randomBytes } from 'node:crypto'
import { mkdir, open, opendir, rename, rm, stat, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { syncDirectory, temporarySuffix } from '../../persistence/index.ts'
import type { RootText } from './piece-root.ts'

/** A piece on its way to disk. Exactly one of `keep` and `discard` ends it; both may be called again without effect. */
export type IncomingPiece = {
  /** Resolves when the bytes are with the operating system, which is what slows a fast sender to the disk. */
  write(chunk: Uint8Array): Promise<void>
  /** Makes the file durable under its root. */
  keep(root: RootText): Promise<void>
  discard(): Promise<void>
}

/** Piece files named by what they hold. No name ever comes from a peer: a root is 32 bytes, spelled by us. */
export type PieceFiles = {
  /** Makes the folders and removes what interrupted writes of before left behind. Resolves to the number removed. */
  prepare(): Promise<number>
  receive(): Promise<IncomingPiece>
  /** Opens a piece for reading; the caller closes it. */
  openPiece(root: RootText): Promise<FileHandle>
  remove(root: RootText): Promise<void>
  /** Length of a piece's file, or null when there is none. */
  lengthOf(root: RootText): Promise<number | null>
}

/** Files below `directory`: `pieces/ab/abcdef...` and `incoming/`, on one file system so that a rename is atomic. */
export function createPieceFiles(directory: string): PieceFiles {
  const pieces = join(directory, 'pieces')
  const incoming = join(directory, 'incoming')
  const folderOf = (root: RootText): string => join(pieces, root.slice(2, 4))
  const pathOf = (root: RootText): string => join(folderOf(root), root.slice(2))
  const folders = durableFolders(pieces)
  /** Names of files that are being written by this process. */
  const writing = new Set<string>()
  return {
    async prepare() {
      folders.forget()
      await mkdir(pieces, { recursive: true, mode: 0o700 })
      await mkdir(incoming, { recursive: true, mode: 0o700 })
      await syncDirectory(directory)
      let removed = 0
      for await (const entry of await opendir(incoming)) {
        if (!entry.name.endsWith(temporarySuffix) || writing.has(entry.name)) continue
        await rm(join(incoming, entry.name), { force: true })
        removed++
      }
      return removed
    },
    async receive() {
      const name = `${randomBytes(12).toString('hex')}${temporarySuffix}`
      const path = join(incoming, name)
      writing.add(name)
      const onEnd = (): void => void writing.delete(name)
      try {
        const handle = await open(path, 'wx', 0o600)
        return incomingPiece(path, handle, { folderOf, pathOf, ensure: folders.ensure, onEnd })
      } catch (error) {
        onEnd()
        throw error
      }
    },
    openPiece: (root) => open(pathOf(root), 'r'),
    async remove(root) {
      await rm(pathOf(root), { force: true })
    },
    async lengthOf(root) {
      try {
        const found = await stat(pathOf(root))
        return found.isFile() ? found.size : null
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
        throw error
      }
    },
  }
}

/**
 * Folders whose names are durable. A folder made by one upload and used by another would be safe only when the first is done:
 * a power cut between would take the second's acknowledged piece along. So all wait for the same sync, and the first of a
 * process repeats it, since the one that made the folder may have died before.
 */
function durableFolders(parent: string): { ensure(folder: string): Promise<void>; forget(): void } {
  const known = new Map<string, Promise<void>>()
  const make = async (folder: string): Promise<void> => {
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      await syncDirectory(parent)
    } catch (error) {
      known.delete(folder)
      throw error
    }
  }
  return {
    ensure(folder) {
      const made = known.get(folder) ?? make(folder)
      known.set(folder, made)
      return made
    },
    forget: () => known.clear(),
  }
}

type Places = {
  folderOf(root: RootText): string
  pathOf(root: RootText): string
  ensure(folder: string): Promise<void>
  /** Called once when the file was kept or discarded. */
  onEnd(): void
}

function incomingPiece(path: string, handle: FileHandle, places: Places): IncomingPiece {
  let ended = false
  const discard = async (): Promise<void> => {
    if (ended) return
    ended = true
    await handle.close().catch(() => undefined)
    await rm(path, { force: true }).catch(() => undefined)
    places.onEnd()
  }
  return {
    async write(chunk) {
      for (let offset = 0; offset < chunk.length;) {
        offset += (await handle.write(chunk, offset, chunk.length - offset)).bytesWritten
      }
    },
    async keep(root) {
      if (ended) return
      try {
        await handle.sync()
        await handle.close()
        const folder = places.folderOf(root)
        await places.ensure(folder)
        await rename(path, places.pathOf(root))
        await syncDirectory(folder)
        ended = true
        places.onEnd()
      } catch (error) {
        await discard()
        throw error
      }
    },
    discard,
  }
}
