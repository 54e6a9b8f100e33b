import { HearthError } from '../../api/errors.ts'
import { sameAddress } from '../../api/values.ts'
import type { NetworkNode } from '../../network/index.ts'
import type { Profile } from '../protocol/profiles.ts'
import type { SegmentKeys } from '../protocol/segment-keys.ts'
import { segmentCount, segmentSpan } from '../protocol/segments.ts'
import type { Offer } from './find-providers.ts'
import { linkSignal } from '../../upkeep/linked-signal.ts'
import type { Pipeline } from './pipeline/pipeline.ts'
import { sealSegment } from './pipeline/seal-segment.ts'
import { placeSegment, type PlacedPiece } from './place-segment.ts'
import { hashWhileReading } from './resume/check-content.ts'
import type { Source } from './source.ts'
import type { NetworkFields } from './upload-piece.ts'

export type UploadFileOptions = {
  readonly pipeline: Pipeline
  readonly node: NetworkNode
  readonly network: NetworkFields
  readonly source: Source
  readonly profile: Profile
  readonly offers: readonly Offer[]
  readonly mustInclude: readonly string[]
  /** Keys of each segment; asked again when a segment must be filled up. */
  keysOf(segmentIndex: number): SegmentKeys
  /** Pieces placed so far, by segment; segments that have all n are skipped. */
  readonly placed: ReadonlyMap<number, readonly PlacedPiece[]>
  /** Providers that must not be asked any more. */
  readonly excluded: ReadonlySet<string>
  /** SHA-256 of a segment's plain bytes, in hex, before any piece of it is sent. */
  onSegmentRead?: (segmentIndex: number, sha256: string) => void
  onPlaced?: (segmentIndex: number, piece: PlacedPiece) => void
  onProgress?: (bytes: number) => void
  readonly signal?: AbortSignal
}

/**
 * Places the pieces of every segment that lacks some, as many at a time as the pipeline has slots for.
 *
 * Memory is bounded by the pipeline's arena, however long the file. Returns all pieces by segment.
 */
export async function uploadFile(options: UploadFileOptions): Promise<Map<number, readonly PlacedPiece[]>> {
  const link = linkSignal(options.signal)
  const result = new Map(options.placed)
  const failures = new Map<string, number>()
  const running: Promise<void>[] = []
  try {
    for (let index = 0; index < segmentCount(options.source.size); index++) {
      if ((result.get(index)?.length ?? 0) >= options.profile.n) continue
      const { placing } = await startSegment(options, index, result, failures, link.signal)
      placing.catch((error: unknown) => link.abort(error))
      running.push(placing)
    }
  } catch (error) {
    link.abort(error)
    running.unshift(Promise.reject(error))
  }
  const settled = await Promise.allSettled(running)
  link.release()
  throwFirstCause(settled)
  return result
}

/** Resolves to the upload under way as soon as the segment is sealed; the next one may then be sealed too. */
async function startSegment(
  options: UploadFileOptions,
  index: number,
  result: Map<number, readonly PlacedPiece[]>,
  failures: Map<string, number>,
  signal: AbortSignal,
): Promise<{ placing: Promise<void> }> {
  const { pipeline, profile, source } = options
  const have = result.get(index) ?? []
  const keys = options.keysOf(index)
  const slotAddress = await pipeline.arena.slots.acquire({ signal })
  const free = once(() => pipeline.arena.slots.release(slotAddress))
  try {
    const span = segmentSpan(source.size, index)
    const hashed = options.onSegmentRead && hashWhileReading(source)
    const slot = await sealSegment(pipeline, {
      source: hashed?.source ?? source,
      span,
      keys,
      k: profile.k,
      slotAddress,
      signal,
    })
    if (hashed) options.onSegmentRead?.(index, hashed.digest())
    const placing = placeSegment({
      pipeline,
      node: options.node,
      network: options.network,
      segmentIndex: index,
      slot,
      maskKey: keys.maskKey,
      n: profile.n,
      uploads: profile.uploads,
      have,
      ...candidatesFor(options, result, index, failures),
      mustInclude: options.mustInclude,
      onPlaced: (piece) => options.onPlaced?.(index, piece),
      onFailure: (offer) => failures.set(offer.node, (failures.get(offer.node) ?? 0) + 1),
      onProgress: options.onProgress,
      signal,
    })
    return { placing: placing.then((pieces) => void result.set(index, pieces)).finally(free) }
  } catch (error) {
    free()
    throw error
  }
}

/**
 * The order of preference: those that never failed first, of them those that hold most other pieces of the file; those of
 * this segment and the excluded not at all.
 */
function candidatesFor(
  options: UploadFileOptions,
  placed: ReadonlyMap<number, readonly PlacedPiece[]>,
  segmentIndex: number,
  failures: ReadonlyMap<string, number>,
): { candidates: Offer[]; settled: boolean } {
  const have = placed.get(segmentIndex) ?? []
  const taken = new Set(have.map((piece) => piece.offer.node))
  const held = new Map<string, number>()
  for (const { offer } of [...placed.values()].flat()) held.set(offer.node, (held.get(offer.node) ?? 0) + 1)
  const ranked = options.offers
    .filter((offer) => !taken.has(offer.node) && !options.excluded.has(offer.node))
    .filter((offer) => !have.some((piece) => isNeighbour(piece.offer, offer)))
    .map((offer, order) => ({
      offer,
      order,
      failed: failures.get(offer.node) ?? 0,
      pieces: held.get(offer.node) ?? 0,
    }))
    .sort((left, right) => left.failed - right.failed || right.pieces - left.pieces || left.order - right.order)
  const first = ranked.slice(0, options.profile.n - have.length)
  return {
    candidates: ranked.map(({ offer }) => offer),
    settled: first.every(({ pieces, failed }) => pieces > 0 && failed === 0),
  }
}

/** One owner or one network (PROTOCOL 5.8); matters where pieces of an earlier try are kept. */
function isNeighbour(left: Offer, right: Offer): boolean {
  return left.prefix === right.prefix || sameAddress(left.operator, right.operator)
}

function once(action: () => void): () => void {
  let done = false
  return () => {
    if (!done) action()
    done = true
  }
}

/** Of several failures the one that says something; cancellations that followed from it do not. */
function throwFirstCause(settled: readonly PromiseSettledResult<void>[]): void {
  const failed = settled.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []))
  const cause = failed.find((error) => !(error instanceof HearthError && error.code === 'CANCELLED')) ?? failed[0]
  if (cause !== undefined) throw cause instanceof Error ? cause : new Error(String(cause))
}
