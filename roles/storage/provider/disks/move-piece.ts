import type { PieceIndex } from '../piece-index.ts'
import type { PieceReader } from '../piece-reader.ts'
import type { RootText } from '../piece-root.ts'
import { readRange } from '../read-blocks.ts'
import type { Throttle } from '../../../upkeep/throttle.ts'
import type { DiskSet } from './disk-set.ts'
import type { StoreDisk } from './store-disk.ts'

export type MovePieceParts = {
  readonly disks: DiskSet
  readonly index: PieceIndex
  readonly read: PieceReader['read']
  readonly throttle: Throttle
  readonly signal: AbortSignal
}

/**
 * Moves one piece: copies it while every block is checked, makes the copy durable, reads the copy back, notes the new
 * disk in the index, and only then removes the old file. A kill at any point leaves one whole copy that the index knows
 * and at most a temporary or a stray file, which the next start removes. Readers that have the old file open read on.
 *
 * Resolves to the bytes moved, or null when the piece is busy or no longer there. Rejects with RefusedError when there is
 * no room or the piece is damaged, with the file system's error, and when `signal` fires.
 */
export async function movePiece(
  parts: MovePieceParts,
  root: RootText,
  from: StoreDisk,
  among: readonly StoreDisk[],
): Promise<number | null> {
  const { disks, index } = parts
  const unlock = disks.locks.take(root)
  if (unlock === null) return null
  try {
    const piece = index.piece(root)
    if (piece === null || piece.disk !== from.id()) return null
    const reservation = disks.reserve(piece.damaged ? 0 : piece.lengthBytes, among)
    try {
      // What is damaged has no bytes to copy; its entry goes along, so that its customer can still bring it anew.
      if (!piece.damaged) await copyDurably(parts, root, piece.lengthBytes, reservation.disk)
      const to = reservation.disk.id()
      if (to === null || !index.moveTo(root, piece.disk, to)) return null
      await from.files.remove(root)
      return piece.damaged ? 0 : piece.lengthBytes
    } finally {
      reservation.release()
    }
  } finally {
    unlock()
  }
}

async function copyDurably(parts: MovePieceParts, root: RootText, lengthBytes: number, to: StoreDisk): Promise<void> {
  const incoming = await receiveOn(to)
  try {
    for await (const chunk of parts.read(root, 0, lengthBytes)) {
      await parts.throttle.pass(chunk.length, parts.signal)
      await onTarget(to, () => incoming.write(chunk))
    }
    parts.signal.throwIfAborted()
    await onTarget(to, () => incoming.keep(root))
  } catch (error) {
    await incoming.discard()
    throw error
  }
  await onTarget(to, () => verifyCopy(parts.index, root, lengthBytes, to)).catch(async (error: unknown) => {
    await to.files.remove(root)
    throw error
  })
}

const receiveOn = (to: StoreDisk) => onTarget(to, () => to.files.receive())

/** Reads the copy back, every block checked, before the original may go. */
async function verifyCopy(index: PieceIndex, root: RootText, lengthBytes: number, to: StoreDisk): Promise<void> {
  const piece = index.piece(root)
  if (piece === null) throw new Error(`Piece ${root} is no longer in the index.`)
  const handle = await to.files.openPiece(root)
  try {
    let readBytes = 0
    for await (const chunk of readRange(handle, piece, 0, lengthBytes)) readBytes += chunk.length
    if (readBytes !== lengthBytes) throw new Error(`The copy of ${root} is too short.`)
  } finally {
    await handle.close()
  }
}

/** A fault of the target is noted there; the source is not to blame. */
async function onTarget<T>(to: StoreDisk, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    to.report(error)
    throw error
  }
}
