import type { Log } from '../../../api/values.ts'
import type { PieceIndex } from '../piece-index.ts'
import type { RootText } from '../piece-root.ts'
import { countUsage, type CountedUsage } from './count-usage.ts'
import type { StoreDisk } from './store-disk.ts'

/** What was found on a disk and put right. */
export type RecoveryReport = {
  readonly temporaryFiles: number
  /** Files that belong to no entry of this disk: never acknowledged, or moved to another disk already. */
  readonly strayFiles: number
  /** Entries whose file is gone or has another length. */
  readonly lost: readonly RootText[]
  readonly usage: CountedUsage
}

/**
 * Brings the files of one disk and the index together, after a crash, when a disk comes back, and once a day. A file is
 * durable before its entry and an entry before the acknowledgement or the removal of the other copy, so a stray file was
 * promised to nobody and goes; an entry without its file is a loss to report. Files that are `busy` are left alone.
 */
export async function recoverDisk(parts: {
  readonly disk: StoreDisk
  readonly index: PieceIndex
  readonly log: Log
  busy(root: RootText): boolean
}): Promise<RecoveryReport> {
  const { disk, index, log, busy } = parts
  const id = disk.id()
  const temporaryFiles = await disk.files.prepare()
  const lengths = new Map<RootText, number>()
  const strays: RootText[] = []
  const usage = await countUsage(disk.folder, (root, lengthBytes) => {
    lengths.set(root, lengthBytes)
    if (index.piece(root)?.disk !== id && !busy(root)) strays.push(root)
  })
  for (const root of strays) {
    if (index.piece(root)?.disk !== id && !busy(root)) await disk.files.remove(root)
  }
  const lost: RootText[] = []
  for (const { root, lengthBytes, damaged } of index.listOn(id)) {
    if (damaged || busy(root) || lengths.get(root) === lengthBytes) continue
    // Written or moved here while the folders were walked.
    if ((await disk.files.lengthOf(root)) === lengthBytes || index.piece(root)?.disk !== id) continue
    index.markDamaged(root)
    lost.push(root)
  }
  if (temporaryFiles + strays.length + lost.length > 0) {
    log.warn('A disk was put in order.', { folder: disk.folder, temporaryFiles, strayFiles: strays.length, lost })
  }
  return { temporaryFiles, strayFiles: strays.length, lost, usage }
}
