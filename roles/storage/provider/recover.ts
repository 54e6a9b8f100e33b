import type { Log } from '../../api/values.ts'
import type { PieceFiles } from './piece-files.ts'
import type { PieceIndex } from './piece-index.ts'
import type { RootText } from './piece-root.ts'

/** What the start found and put right. */
export type RecoveryReport = {
  readonly temporaryFiles: number
  /** Files without an entry: written, but the process ended before it had acknowledged them. */
  readonly strayFiles: number
  /** Entries whose file is gone or has another length. */
  readonly lost: readonly RootText[]
}

/**
 * Brings files and index together after a crash. A file is durable before its entry, and an entry before the
 * acknowledgement, so a stray file was promised to nobody and goes; an entry without its file is a loss to report.
 */
export async function recoverStore(files: PieceFiles, index: PieceIndex, log: Log): Promise<RecoveryReport> {
  const temporaryFiles = await files.prepare()
  let strayFiles = 0
  for await (const root of files.list()) {
    if (index.piece(root) !== null) continue
    await files.remove(root)
    strayFiles++
  }
  const lost: RootText[] = []
  for (const root of index.roots()) {
    const piece = index.piece(root)
    if (piece === null || piece.damaged) continue
    if ((await files.lengthOf(root)) === piece.lengthBytes) continue
    index.markDamaged(root)
    lost.push(root)
  }
  if (temporaryFiles + strayFiles + lost.length > 0) {
    log.warn('The store was put in order after a stop in the middle of work.', { temporaryFiles, strayFiles, lost })
  }
  return { temporaryFiles, strayFiles, lost }
}
