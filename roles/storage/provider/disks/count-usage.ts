import { lstat, opendir } from 'node:fs/promises'
import { join } from 'node:path'
import { parseRoot, type RootText } from '../piece-root.ts'

/** Blocks that a folder's files take, counted as `du` counts them. */
export type CountedUsage = { readonly onDiskBytes: number; readonly files: number; readonly folders: number }

/** Systems without block counts (Windows) count whole clusters of this size. */
const assumedBlockBytes = 4096

/**
 * Walks the folder of a disk and adds up what everything in it takes, folders included. `onPiece` hears every piece file.
 * Rejects with the file system's error; what vanishes meanwhile is not counted.
 */
export async function countUsage(
  folder: string,
  onPiece: (root: RootText, lengthBytes: number) => void,
): Promise<CountedUsage> {
  const total = { onDiskBytes: await blocksOf(folder), files: 0, folders: 1 }
  const pieces = join(folder, 'pieces')
  const walk = async (at: string): Promise<void> => {
    for await (const entry of await opendir(at)) {
      const path = join(at, entry.name)
      const found = await lstat(path).catch(nullWhenGone)
      if (found === null) continue
      total.onDiskBytes += blockBytesOf(found)
      if (found.isDirectory()) {
        total.folders++
        await walk(path)
      } else {
        total.files++
        if (found.isFile() && isPieceName(pieces, at, entry.name)) onPiece(parseRoot(`0x${entry.name}`), found.size)
      }
    }
  }
  await walk(folder)
  return total
}

function isPieceName(pieces: string, folder: string, name: string): boolean {
  return /^[0-9a-f]{64}$/.test(name) && folder === join(pieces, name.slice(0, 2))
}

async function blocksOf(path: string): Promise<number> {
  return blockBytesOf(await lstat(path))
}

function blockBytesOf({ blocks, size }: { readonly blocks?: number; readonly size: number }): number {
  if (process.platform !== 'win32' && blocks !== undefined) return blocks * 512
  return Math.ceil(size / assumedBlockBytes) * assumedBlockBytes
}

function nullWhenGone(error: unknown): null {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
  throw error
}
