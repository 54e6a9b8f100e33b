import { setTimeout as wait } from 'node:timers/promises'
import type { Log } from '../../api/values.ts'
import { blockCountOf } from '../protocol/piece-tree.ts'
import { blockBytes } from '../protocol/tree-shape.ts'
import {
  describeScrub,
  dueAfterMs,
  isRoundOver,
  scrubBytesPerSecondRoundedUp,
  type ScrubFacts,
} from './disks/plan-scrub.ts'
import type { StoreDisk } from './disks/store-disk.ts'
import { RefusedError } from './errors.ts'
import type { PieceStore } from './piece-store.ts'
import type { RootText } from './piece-root.ts'

export type ScrubOptions = {
  readonly store: PieceStore
  readonly log: Log
  readonly signal: AbortSignal
  /** False while the person or the governor wants peace. */
  mayRead(): boolean
  now?(): number
}

/** Blocks read at once. */
const blocksPerStep = 32
/** How often to look whether a piece is due. */
const idleMs = 5_000
/** A pace that was decided holds at most this long. */
const paceMs = 60_000

/**
 * Reads what is due on every disk in the background, the longest unread first, each disk at its own pace. What was read
 * is noted piece by piece, so that a restart goes on where it was. Resolves when `signal` fires.
 */
export async function runScrub(options: ScrubOptions): Promise<void> {
  const { store, signal } = options
  const busy = new Set<StoreDisk>()
  const running = new Set<Promise<void>>()
  while (!signal.aborted) {
    for (const disk of store.disks.all()) {
      if (busy.has(disk)) continue
      busy.add(disk)
      const work = scrubDisk(options, disk).finally(() => {
        busy.delete(disk)
        running.delete(work)
      })
      running.add(work)
    }
    await pause(idleMs, signal)
  }
  await Promise.all(running)
}

/** The facts that pace and progress of a disk are computed from; null before the disk was identified. */
export function scrubFacts(store: PieceStore, disk: StoreDisk, nowMs: number): ScrubFacts | null {
  const id = disk.id()
  if (id === null) return null
  return { ...store.index.scrubOf(id), dueBytes: store.index.bytesReadBefore(id, nowMs - dueAfterMs), nowMs }
}

/** How far the scrub of a disk is, in the form that is shown. */
export function scrubStatus(store: PieceStore, disk: StoreDisk, nowMs: number) {
  const facts = scrubFacts(store, disk, nowMs)
  return facts === null ? null : describeScrub(facts)
}

/** Reads due pieces of one disk until nothing is due. */
async function scrubDisk(options: ScrubOptions, disk: StoreDisk): Promise<void> {
  const { store, signal, now = Date.now } = options
  const pace = { bytesPerSecond: 0, untilMs: 0 }
  while (!signal.aborted && options.mayRead() && disk.isReadable()) {
    if (pace.untilMs <= now()) {
      const facts = scrubFacts(store, disk, now())
      if (facts === null) return
      if (isRoundOver(facts)) store.index.beginScrubRound(disk.id() ?? '', now())
      pace.bytesPerSecond = scrubBytesPerSecondRoundedUp(facts)
      pace.untilMs = now() + paceMs
    }
    const next = store.index.nextToScrub(disk.id() ?? '')
    if (next === null || pace.bytesPerSecond === 0 || next.scrubbedAtMs + dueAfterMs > now()) return
    if (!(await scrubPiece(options, next.root, pace.bytesPerSecond))) return
  }
}

/** True when the piece was read, or found damaged; false when the disk should be left alone for a while. */
async function scrubPiece(options: ScrubOptions, root: RootText, bytesPerSecond: number): Promise<boolean> {
  const { store, signal, now = Date.now } = options
  const piece = store.index.piece(root)
  if (piece === null) return true
  try {
    const blocks = blockCountOf(piece.lengthBytes)
    for (let first = 0; first < blocks && !signal.aborted; first += blocksPerStep) {
      const begun = performance.now()
      const count = Math.min(blocksPerStep, blocks - first)
      await store.readBlocks(root, first, count)
      // Reading counts as waiting: the pace is of both together.
      await pause((count * blockBytes * 1000) / bytesPerSecond - (performance.now() - begun), signal)
    }
    if (!signal.aborted) store.index.markScrubbed(root, now())
    return true
  } catch (error) {
    // Damage is reported by the store; a disk that is away is looked at again later.
    if (!(error instanceof RefusedError)) options.log.error('The scrub met an error.', { root, error: String(error) })
    return store.index.piece(root)?.damaged === true
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (ms > 0) await wait(ms, undefined, { signal, ref: false }).catch(() => undefined)
}
