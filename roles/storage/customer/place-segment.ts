import { CancelledError } from '../../api/errors.ts'
import type { NetworkNode } from '../../network/index.ts'
import { MustIncludeError, PlacementError, reasonOf, RefusedError } from './errors.ts'
import type { Offer } from './find-providers.ts'
import { linkSignal, type LinkedSignal } from '../../upkeep/linked-signal.ts'
import { brisk, patient, type Patience } from './patience.ts'
import type { SlotLayout } from './pipeline/jobs.ts'
import type { Pipeline } from './pipeline/pipeline.ts'
import { createSpareStart, type SpareStart } from './spare-start.ts'
import { uploadPiece, type NetworkFields, type OnBehalf, type ReadRange } from './upload-piece.ts'

/** A piece on the disk of a provider, not yet accepted. */
export type PlacedPiece = {
  readonly index: number
  readonly offer: Offer
  readonly root: Uint8Array
  readonly lengthBytes: number
  readonly keptUntilSeconds: number
}

export type PlaceSegmentOptions = {
  readonly pipeline: Pipeline
  readonly node: NetworkNode
  readonly network: NetworkFields & OnBehalf
  readonly segmentIndex: number
  readonly slot: SlotLayout
  readonly maskKey: Uint8Array
  /** Pieces that are wanted in the end, and how many uploads may be begun for them. */
  readonly n: number
  readonly uploads: number
  /** Pieces of this segment that providers hold already. */
  readonly have: readonly PlacedPiece[]
  /** Rows of the code that must not be made again, beside those of `have`: a repair keeps the pieces that are whole. */
  readonly takenRows?: ReadonlySet<number>
  /** The very rows to make, where a repairer must bring back what was lost; else any free ones. */
  readonly rows?: readonly number[]
  /** Providers in the order of preference, without those that hold a piece of this segment. */
  readonly candidates: readonly Offer[]
  /** True when the first of them hold other pieces of the file: spare uploads then wait until they are needed. */
  readonly settled: boolean
  readonly mustInclude: readonly string[]
  /** Told of every provider that failed, so that later segments ask it last. */
  /** A piece is on a provider's disk; also spare ones that are not used in the end. */
  onPlaced?: (piece: PlacedPiece) => void
  onFailure(offer: Offer, reason: string): void
  onProgress?: (bytes: number) => void
  readonly signal?: AbortSignal
}

type Placement = {
  readonly options: PlaceSegmentOptions
  readonly placed: PlacedPiece[]
  readonly reserve: Offer[]
  /** Providers that were too slow; asked again, with patience, when nobody else is left. */
  readonly tooSlow: Offer[]
  readonly reasons: string[]
  readonly mustOpen: Map<string, string>
  readonly cut: LinkedSignal
  readonly spares: SpareStart
}

/**
 * Spreads the pieces of one sealed segment: a quarter more uploads than pieces are begun and the slowest are cut once
 * enough have arrived. Where the file has settled on its providers the spare ones are begun only when one of those fails or
 * lags, so that a file keeps few data sets and sends little twice. A provider that fails is replaced by the next in line.
 * Returns all n pieces, old and new.
 *
 * Throws PlacementError, MustIncludeError or CancelledError.
 */
export async function placeSegment(options: PlaceSegmentOptions): Promise<PlacedPiece[]> {
  const missing = options.n - options.have.length
  const begun = Math.min(options.candidates.length, missing + options.uploads - options.n)
  const placement: Placement = {
    options,
    placed: [...options.have],
    reserve: options.candidates.slice(begun),
    tooSlow: [],
    reasons: [],
    mustOpen: new Map(openMusts(options).map((node) => [node, 'it was not asked'])),
    cut: linkSignal(options.signal),
    spares: createSpareStart(options.settled ? Math.ceil(missing / 2) : 0),
  }
  placement.cut.signal.addEventListener('abort', placement.spares.startNow, { once: true })
  try {
    const indexes = freeIndexes(options, begun)
    const tasks = indexes.map(async (index, at) => {
      if (at >= missing) await placement.spares.started
      if (!placement.cut.signal.aborted) await placePiece(placement, index, options.candidates[at]!)
    })
    const broken = (await Promise.allSettled(tasks)).find((task) => task.status === 'rejected')
    if (broken) throw broken.reason
  } finally {
    placement.spares.startNow()
    placement.cut.release()
  }
  return finish(placement)
}

function finish({ options, placed, mustOpen, reasons }: Placement): PlacedPiece[] {
  if (options.signal?.aborted) throw new CancelledError('Storing')
  const [refused] = mustOpen
  if (refused) throw new MustIncludeError(refused[0], refused[1])
  if (placed.length < options.n)
    throw new PlacementError(options.segmentIndex, placed.length, options.n, reasons.reverse())
  const must = new Set(options.mustInclude.map((node) => node.toLowerCase()))
  const first = placed.filter((piece) => must.has(piece.offer.node.toLowerCase()))
  const rest = placed.filter((piece) => !must.has(piece.offer.node.toLowerCase()))
  return [...first, ...rest].slice(0, options.n).sort((left, right) => left.index - right.index)
}

function openMusts(options: PlaceSegmentOptions): string[] {
  const held = new Set(options.have.map((piece) => piece.offer.node.toLowerCase()))
  return options.mustInclude.map((node) => node.toLowerCase()).filter((node) => !held.has(node))
}

/** Commits to one piece and offers it to one provider after the other until one has it, or it is not needed any more. */
async function placePiece(placement: Placement, index: number, first: Offer): Promise<void> {
  const { options, cut } = placement
  const { slot, n, maskKey, pipeline } = options
  const one = { slot, n: Math.max(n, index + 1), index, maskKey }
  let root: Uint8Array
  try {
    root = (await pipeline.run({ kind: 'commitPiece', ...one })).root
  } catch (error) {
    cut.abort(error)
    throw error
  }
  const read: ReadRange = async (from, to) => (await pipeline.run({ kind: 'pieceRange', ...one, from, to })).bytes
  const piece = { index, root, read }
  const must = placement.mustOpen.has(first.node.toLowerCase())
  if (await offerTo(placement, piece, first, must ? patient : brisk)) return
  while (!cut.signal.aborted) {
    const next = placement.reserve.shift()
    const offer = next ?? placement.tooSlow.shift()
    if (!offer || (await offerTo(placement, piece, offer, next ? brisk : patient))) return
  }
}

/** True when the piece is placed or not needed any more. */
async function offerTo(
  placement: Placement,
  piece: { index: number; root: Uint8Array; read: ReadRange },
  offer: Offer,
  patience: Patience,
): Promise<boolean> {
  const { options, cut, mustOpen } = placement
  const { root, read } = piece
  const lengthBytes = options.slot.pieceBytes
  const key = offer.node.toLowerCase()
  try {
    const { onProgress, network } = options
    const upload = { peerId: offer.peerId, network, root, lengthBytes, read, patience, onProgress, signal: cut.signal }
    const { keptUntilSeconds } = await uploadPiece(options.node, upload)
    const placed = { index: piece.index, offer, root, lengthBytes, keptUntilSeconds }
    placement.placed.push(placed)
    options.onPlaced?.(placed)
    mustOpen.delete(key)
    placement.spares.onPlaced()
    if (placement.placed.length >= options.n && mustOpen.size === 0) cut.abort(new CancelledError('A spare upload'))
    return true
  } catch (error) {
    if (cut.signal.aborted) return true
    placement.spares.startNow()
    placement.reasons.push(reasonOf(error))
    options.onFailure(offer, reasonOf(error))
    if (patience === brisk && !(error instanceof RefusedError)) placement.tooSlow.push(offer)
    if (mustOpen.has(key)) {
      mustOpen.set(key, reasonOf(error))
      cut.abort(error)
    }
    return false
  }
}

function freeIndexes({ have, takenRows, rows }: PlaceSegmentOptions, count: number): number[] {
  const taken = new Set([...have.map((piece) => piece.index), ...(takenRows ?? [])])
  return (rows ?? Array.from({ length: 255 }, (_, index) => index)).filter((index) => !taken.has(index)).slice(0, count)
}
