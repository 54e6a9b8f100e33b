import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Allowance } from '../../../api/allowance.ts'
import type { DiskAllowance } from '../../../api/disks.ts'
import type { PieceFiles } from '../piece-files.ts'
import { rootText } from '../piece-root.ts'
import { everythingAllowed } from './everything-allowed.ts'
import { openTestStore } from './open-test-store.ts'
import { randomPiece, type TestPiece } from './random-piece.ts'

const customer = `0x${'c'.repeat(40)}`
const later = 4_000_000_000

/** A store on the disks of an allowance that a test changes as a person would. */
export type SeveralDisks = Awaited<ReturnType<typeof openSeveralDisks>>

/** A disk that is a folder below `directory`. */
export function diskAt(directory: string, name: string, change: Partial<DiskAllowance> = {}): DiskAllowance {
  return {
    path: join('/', name),
    folder: join(directory, name),
    limitBytes: null,
    leaving: false,
    moveTo: null,
    ...change,
  }
}

/** Opens a store with disks by name, each a folder of its own. `openFiles` may make one of them slow. */
export async function openSeveralDisks(
  directory: string,
  names: readonly string[],
  openFiles?: (folder: string) => PieceFiles,
) {
  for (const name of names) mkdirSync(join(directory, name), { recursive: true })
  let allowance: Allowance = { ...everythingAllowed, disks: names.map((name) => diskAt(directory, name)) }
  const open = await openTestStore(directory, () => allowance, join(directory, 'unused'), undefined, openFiles)
  return {
    ...open,
    allowance: () => allowance,
    setAllowance: (change: Partial<Allowance>) => void (allowance = { ...allowance, ...change }),
    /** Changes one disk of the allowance. */
    setDisk(name: string, change: Partial<DiskAllowance>) {
      const folder = join(directory, name)
      const disks = allowance.disks?.map((disk) => (disk.folder === folder ? { ...disk, ...change } : disk)) ?? []
      allowance = { ...allowance, disks }
    },
    disk(name: string) {
      const found = open.disks.all().find((disk) => disk.folder === join(directory, name))
      if (found === undefined) throw new Error(`No disk ${name}.`)
      return found
    },
    /** Stores a random piece, on the disk that the store chooses. */
    async keep(lengthBytes: number): Promise<TestPiece> {
      const piece = randomPiece(lengthBytes)
      await this.keepAgain(piece)
      return piece
    },
    keepAgain(piece: TestPiece): Promise<void> {
      const announced = { root: rootText(piece.root), lengthBytes: piece.bytes.length, customer }
      return open.store.store({ ...announced, keepUntilSeconds: later }, chunksOf(piece.bytes))
    },
    async readAll(piece: TestPiece): Promise<Buffer> {
      const chunks: Uint8Array[] = []
      for await (const chunk of open.store.read(rootText(piece.root), 0, piece.bytes.length)) chunks.push(chunk)
      return Buffer.concat(chunks)
    },
    /** Names of the piece files in a folder below the directory. */
    filesIn: (name: string): string[] => pieceFilesIn(join(directory, name)),
    diskOf(piece: TestPiece): string | undefined {
      const id = open.index.piece(rootText(piece.root))?.disk ?? null
      return names.find((name) => open.disks.byId(id)?.folder === join(directory, name))
    },
  }
}

async function* chunksOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let offset = 0; offset < bytes.length; offset += 65_536) yield bytes.subarray(offset, offset + 65_536)
}

/** Names of the piece files in a disk's folder. */
export function pieceFilesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .flatMap((path) => path.split(/[\\/]/).at(-1) ?? [])
    .filter((name) => /^[0-9a-f]{64}$/.test(name))
}
