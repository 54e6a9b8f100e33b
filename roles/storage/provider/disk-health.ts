import { randomBytes } from 'node:crypto'
import { open, readFile, rm, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { diskFaultOf, temporarySuffix, writeFileAtomic, type DiskFault } from '../../persistence/index.ts'
import type { PieceIndex } from './piece-index.ts'
import type { Problem, Problems } from './problems.ts'

/** The state of the disk that holds the pieces. */
export type DiskHealth = {
  /** Free bytes as last measured, null while the disk is not to be had. */
  freeBytes(): number | null
  /** The fault that stops writing, or null. `full` is no fault: room is measured, see capacity. */
  fault(): DiskFault | null
  /** Takes note of an error of the file system; others are ignored. Returns what it was. */
  report(error: unknown): DiskFault | null
  /** Looks again; a fault that is gone is solved by this. */
  check(): Promise<void>
}

const markerName = '.hearth-store'

const problemOf: Readonly<Record<DiskFault, Problem>> = {
  missing: {
    code: 'DISK_MISSING',
    message: 'The folder with the stored pieces is not there.',
    action: 'Connect the disk again; storage goes on by itself.',
  },
  readOnly: {
    code: 'DISK_READ_ONLY',
    message: 'The disk with the stored pieces can only be read.',
    action: 'Make it writable again; storage goes on by itself. What is stored is still proven and served.',
  },
  denied: {
    code: 'DISK_FAULT',
    message: 'Hearth may not write to the folder with the stored pieces.',
    action: 'Give this user permission to write there.',
  },
  failing: {
    code: 'DISK_FAULT',
    message: 'The disk with the stored pieces answers with errors.',
    action: 'Back up what you can and replace it.',
  },
  full: {
    code: 'DISK_FULL',
    message: 'The disk with the stored pieces is full.',
    action: 'Free some space or lower the limit; storage takes more as soon as there is room.',
  },
}

/** Watches one directory. A marker file with the store's id tells the right disk from another one at the same path. */
export function createDiskHealth(directory: string, index: PieceIndex, problems: Problems): DiskHealth {
  let fault: DiskFault | null = null
  let free: number | null = null
  const set = (next: DiskFault | null): void => {
    if (fault !== null && (next === null || problemOf[fault].code !== problemOf[next].code)) {
      problems.solve(problemOf[fault].code)
    }
    fault = next
    if (next !== null) problems.raise(problemOf[next])
  }
  return {
    freeBytes: () => free,
    fault: () => (fault === 'full' ? null : fault),
    report(error) {
      const found = diskFaultOf(error)
      if (found !== null) set(found)
      return found
    },
    async check() {
      try {
        await assertMarker(directory, index)
        const { bavail, bsize } = await statfs(directory)
        free = bavail * bsize
        await probe(directory)
        set(null)
      } catch (error) {
        const found = diskFaultOf(error) ?? 'failing'
        if (found === 'missing') free = null
        set(found)
      }
    },
  }
}

/** Makes the marker on first use; later its absence or another id means that this is not our disk. */
async function assertMarker(directory: string, index: PieceIndex): Promise<void> {
  const wanted = index.storeId()
  const path = join(directory, markerName)
  if (wanted === null) {
    const id = randomBytes(16).toString('hex')
    await writeFileAtomic(path, `${id}\n`)
    index.setStoreId(id)
    return
  }
  const found = (await readFile(path, 'utf8')).trim()
  if (found !== wanted) throw Object.assign(new Error(`Another store lies at ${directory}.`), { code: 'ENODEV' })
}

/** Asks the disk to take a byte: the only way to notice a file system that became read-only. */
async function probe(directory: string): Promise<void> {
  const path = join(directory, `.probe-${randomBytes(6).toString('hex')}${temporarySuffix}`)
  const handle = await open(path, 'wx', 0o600)
  try {
    await handle.write('x')
  } finally {
    await handle.close()
    await rm(path, { force: true })
  }
}
