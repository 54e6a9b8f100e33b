import { CancelledError } from '../../api/errors.ts'
import type { ManifestPiece } from '../protocol/manifest.ts'
import { ProviderFaultError, reasonOf, TooFewPiecesError } from './errors.ts'
import { linkSignal, type LinkedSignal } from '../../upkeep/linked-signal.ts'
import { brisk, patient, type Patience } from './patience.ts'
import type { PeerRecord } from './peer-record.ts'
import type { SlotLayout } from './pipeline/jobs.ts'
import type { PresentPiece } from './pipeline/open-segment.ts'
import type { Pipeline } from './pipeline/pipeline.ts'

/** Fetches the bytes of one piece from `offsetBytes` (else 0) on, as many as fit into memory; see fetch-piece.ts. */
export type FetchBytes = (
  piece: ManifestPiece,
  target: Uint8Array,
  options: { signal: AbortSignal; patience: Patience; offsetBytes?: number; onProgress?(bytes: number): void },
) => Promise<void>

export type FetchSegmentOptions = {
  readonly pipeline: Pipeline
  readonly segmentIndex: number
  readonly slot: SlotLayout
  readonly pieces: readonly ManifestPiece[]
  readonly maskKey: Uint8Array
  readonly record: PeerRecord
  readonly fetchBytes: FetchBytes
  onProgress?: (bytes: number) => void
  readonly signal?: AbortSignal
}

/** Extra requests while it is not known who answers. */
const unprovenExtra = 2
/** Requests beyond k at the same time, at most; the arena holds as many buffers. */
export const maximumExtra = 6
/** A fetch without a byte for so long no longer counts; another one is started beside it. */
const hedgeAfterMs = 1500
const checkEveryMs = 250
/** Providers that failed are asked a second time once all others were asked. */
const maximumRounds = 2

type Fetch = { readonly node: string; lastByteMs: number; overtaken: boolean }
type Race = {
  readonly options: FetchSegmentOptions
  readonly queue: ManifestPiece[]
  readonly failed: ManifestPiece[]
  readonly active: Set<Fetch>
  readonly present: PresentPiece[]
  readonly buffers: number[]
  readonly reasons: string[]
  readonly stop: LinkedSignal
  round: number
}

/**
 * Brings any k intact, unmasked pieces of a segment into memory, racing slow and dead providers against others.
 *
 * Data pieces come to lie in their place in the slot. The caller gives the returned buffers back after decoding.
 * Throws TooFewPiecesError or CancelledError.
 */
export async function fetchSegment(
  options: FetchSegmentOptions,
): Promise<{ present: PresentPiece[]; buffers: number[] }> {
  const race: Race = {
    options,
    queue: inOrder(options.pieces, options.record),
    failed: [],
    active: new Set(),
    present: [],
    buffers: [],
    reasons: [],
    stop: linkSignal(options.signal),
    round: 1,
  }
  const ended = new Set<Promise<void>>()
  try {
    await runRace(race, ended)
  } finally {
    race.stop.release()
    race.stop.abort(new CancelledError('A spare fetch'))
    await Promise.allSettled(ended)
  }
  const { present, buffers } = race
  if (present.length >= options.slot.k && !options.signal?.aborted) return { present, buffers }
  buffers.forEach((address) => options.pipeline.arena.pieces.release(address))
  if (options.signal?.aborted) throw new CancelledError('Fetching')
  throw new TooFewPiecesError(options.segmentIndex, present.length, options.slot.k, [...new Set(race.reasons)])
}

/** Keeps enough fetches going until k pieces are there or nobody is left to ask. */
async function runRace(race: Race, ended: Set<Promise<void>>): Promise<void> {
  const { k } = race.options.slot
  while (race.present.length < k && !race.stop.signal.aborted) {
    if (race.queue.length === 0 && race.active.size === 0) {
      if (race.round++ >= maximumRounds || race.failed.length === 0) return
      race.queue.push(...race.failed.splice(0))
    }
    markOvertaken(race)
    while (race.queue.length > 0 && effective(race) < wanted(race) && race.active.size < k + maximumExtra) {
      const fetching = startFetch(race, race.queue.shift()!)
      ended.add(fetching)
      void fetching.finally(() => ended.delete(fetching))
    }
    await Promise.race([...ended, pause(checkEveryMs)])
  }
}

/** Fetches that still count towards k, with the pieces that are there. */
function effective(race: Race): number {
  return race.present.length + [...race.active].filter((fetch) => !fetch.overtaken).length
}

/** k, and a few more as long as some of those that are asked have not yet shown that they serve. */
function wanted(race: Race): number {
  const { options, queue, active } = race
  const asked = [...active].filter((fetch) => !fetch.overtaken).map((fetch) => fetch.node)
  const next = queue.slice(0, Math.max(0, options.slot.k - effective(race))).map((piece) => piece.node)
  const proven = [...asked, ...next].every((node) => options.record.isGood(node))
  return options.slot.k + (proven ? 0 : unprovenExtra)
}

function markOvertaken(race: Race): void {
  const now = performance.now()
  for (const fetch of race.active) fetch.overtaken = now - fetch.lastByteMs > hedgeAfterMs
}

async function startFetch(race: Race, piece: ManifestPiece): Promise<void> {
  const { options, stop } = race
  const { pipeline, slot, record } = options
  const fetch: Fetch = { node: piece.node, lastByteMs: performance.now(), overtaken: false }
  race.active.add(fetch)
  const inSlot = piece.index < slot.k
  const address = inSlot
    ? slot.address + piece.index * slot.stride
    : await pipeline.arena.pieces.acquire().catch(() => null)
  let kept = false
  try {
    if (address === null) return
    const onProgress = (bytes: number): void => {
      fetch.lastByteMs = performance.now()
      options.onProgress?.(bytes)
    }
    await options.fetchBytes(piece, pipeline.arena.view(address, slot.pieceBytes), {
      signal: stop.signal,
      patience: race.round === 1 ? brisk : patient,
      onProgress,
    })
    if (race.present.length >= slot.k) return
    const { index, root } = piece
    const check = {
      kind: 'checkPiece',
      address,
      pieceBytes: slot.pieceBytes,
      index,
      maskKey: options.maskKey,
      root,
    } as const
    const { intact } = await pipeline.run(check)
    if (!intact) throw new ProviderFaultError(`Node ${piece.node} sent a piece that does not match its root.`)
    record.served(piece.node)
    if (race.present.length >= slot.k) return
    race.present.push({ index, address })
    kept = true
  } catch (error) {
    if (stop.signal.aborted) return
    record.failed(piece.node)
    race.failed.push(piece)
    race.reasons.push(`${piece.node}: ${reasonOf(error)}`)
  } finally {
    race.active.delete(fetch)
    if (!inSlot && address !== null) kept ? race.buffers.push(address) : pipeline.arena.pieces.release(address)
  }
}

/** Proven providers first, then data before parity, since data needs no decoding. */
function inOrder(pieces: readonly ManifestPiece[], record: PeerRecord): ManifestPiece[] {
  return [...pieces].sort((left, right) => record.rank(left.node) - record.rank(right.node) || left.index - right.index)
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
