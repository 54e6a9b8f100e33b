import { setTimeout as wait } from 'node:timers/promises'
import type { Log } from '../../api/values.ts'
import { blockCountOf } from '../protocol/piece-tree.ts'
import { blockBytes } from '../protocol/tree-shape.ts'
import { RefusedError } from './errors.ts'
import type { PieceStore } from './piece-store.ts'

export type ScrubOptions = {
  readonly store: PieceStore
  readonly log: Log
  readonly signal: AbortSignal
  /** Every piece is read again after this time (QUALITY R4: the whole store within 30 days). */
  readonly intervalMs: number
  /** Most bytes read in a second, so that nobody notices the scrub. */
  readonly bytesPerSecond: number
}

/** Blocks read at once. */
const blocksPerStep = 32
/** How often to look whether a piece is due. */
const idleMs = 60_000

/** Reads stored pieces in the background, the longest unchecked first, for ever. Resolves when `signal` fires. */
export async function runScrub(options: ScrubOptions): Promise<void> {
  const { store, signal } = options
  while (!signal.aborted) {
    const next = store.index.nextToScrub()
    const dueInMs = next === null ? idleMs : next.scrubbedAtMs + options.intervalMs - Date.now()
    if (next === null || dueInMs > 0) {
      await pause(Math.min(Math.max(dueInMs, 10), idleMs), signal)
      continue
    }
    await scrubPiece(options, next.root)
  }
}

async function scrubPiece(options: ScrubOptions, root: Parameters<PieceStore['readBlocks']>[0]): Promise<void> {
  const { store, signal } = options
  const piece = store.index.piece(root)
  if (piece === null) return
  try {
    const blocks = blockCountOf(piece.lengthBytes)
    for (let first = 0; first < blocks && !signal.aborted; first += blocksPerStep) {
      const count = Math.min(blocksPerStep, blocks - first)
      await store.readBlocks(root, first, count)
      await pause((count * blockBytes * 1000) / options.bytesPerSecond, signal)
    }
    if (!signal.aborted) store.index.markScrubbed(root, Date.now())
  } catch (error) {
    // Damage is reported by the store; a disk that is away is looked at again later.
    if (!(error instanceof RefusedError)) options.log.error('The scrub met an error.', { root, error: String(error) })
    await pause(idleMs / 60, signal)
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await wait(ms, undefined, { signal, ref: false }).catch(() => undefined)
}
