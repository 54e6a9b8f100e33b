import { availableParallelism } from 'node:os'
import { CancelledError } from '../../api/errors.ts'
import type { CodedFile, ManifestPiece } from '../protocol/manifest.ts'
import type { SegmentRepair } from '../protocol/plan-repair.ts'
import { pieceLength, segmentSpan } from '../protocol/segments.ts'
import { agreeWithProviders, type Agreement } from './agree.ts'
import type { CustomerContext } from './context.ts'
import { PlacementError } from './errors.ts'
import { fetchIntoSlot, rowsOf } from './fetch-into-slot.ts'
import { maximumExtra } from './fetch-segment.ts'
import type { Offer } from './find-providers.ts'
import { findReplacements, replacementsFor, type Replacements } from './find-replacements.ts'
import type { Market } from './market.ts'
import { openRetrieval, type Retrieval } from './open-retrieval.ts'
import { PeerRecord } from './peer-record.ts'
import { createPipeline, type Pipeline } from './pipeline/pipeline.ts'
import { placeSegment, type PlacedPiece } from './place-segment.ts'

/** A segment to rebuild, and which rows of the code if not any. */
export type DueSegment = SegmentRepair<ManifestPiece> & { readonly rows?: readonly number[] }

export type RebuildOptions = {
  readonly context: CustomerContext
  readonly market: Market
  readonly file: CodedFile
  readonly due: readonly DueSegment[]
  readonly maskKeyOf: (segmentIndex: number) => Uint8Array
  /** False for an offer that must not be used. */
  readonly accepts?: (offer: Offer) => boolean
  /** Of rows that are named, makes only as many as there are strangers to take them; else too few of them is an error. */
  readonly asManyAsFit?: boolean
  readonly signal?: AbortSignal
  readonly onProgress?: (phase: 'rebuilding' | 'agreeing', bytesDone: number, bytesTotal: number) => void
}

export type Rebuilt = {
  readonly placed: ReadonlyMap<number, readonly PlacedPiece[]>
  readonly agreements: readonly Agreement[]
}

/** Rounds of placing again what providers refused at the last moment. */
const maximumRounds = 3

/**
 * Fetches k pieces of each segment that is due, makes the missing ones and places them with strangers, each of whom signs
 * for them. Segments stay sealed all the while: only mask keys are used (PROTOCOL 5.1). Nothing is paid but the fetching.
 *
 * Throws TooFewPiecesError, PlacementError, CancelledError and errors of the chain.
 */
export async function rebuildFile(options: RebuildOptions): Promise<Rebuilt> {
  const { context, market, file } = options
  const found = await findReplacements(context, market, file, options.signal)
  const replacements = { ...found, offers: found.offers.filter((offer) => options.accepts?.(offer) ?? true) }
  const due = options.asManyAsFit === true ? fitting(options.due, replacements) : options.due
  if (due.length === 0) return { placed: new Map(), agreements: [] }
  const sources = sourcesOf(file, due)
  const retrieval = await openRetrieval(context, market, sources)
  const pipeline = openPipeline(file)
  try {
    return await rebuild({ ...options, due, sources, replacements, retrieval, pipeline })
  } finally {
    await pipeline.close()
    retrieval.close()
  }
}

/** Each segment with no more rows than strangers; those for which there is none are left out. */
function fitting(due: readonly DueSegment[], replacements: Replacements): DueSegment[] {
  return due
    .map((segment) => {
      const strangers = strangersFor(replacements, segment, { have: [], refusedNodes: new Set() }).length
      const rows = segment.rows?.slice(0, strangers) ?? []
      return { ...segment, rows, missing: rows.length }
    })
    .filter(({ missing }) => missing > 0)
}

/** Bytes of one piece of a segment. */
export function pieceBytesOf(file: CodedFile, segmentIndex: number): number {
  return pieceLength(segmentSpan(file.bytes, segmentIndex).plainBytes, file.k)
}

/** Bytes that rebuilding sends to new providers. */
export function bytesToSend(file: CodedFile, due: readonly DueSegment[]): number {
  return due.reduce((sum, { segmentIndex, missing }) => sum + missing * pieceBytesOf(file, segmentIndex), 0)
}

/** The file with only the pieces to fetch from: healthy ones, and where those do not suffice the others as well. */
function sourcesOf(file: CodedFile, due: readonly DueSegment[]): CodedFile {
  const byIndex = new Map(due.map((segment) => [segment.segmentIndex, segment]))
  const segments = file.segments.map((segment, index) => {
    const { kept = [], lost = [] } = byIndex.get(index) ?? {}
    return { ...segment, pieces: kept.length > file.k ? [...kept] : [...kept, ...lost] }
  })
  return { ...file, segments }
}

function openPipeline(file: CodedFile): Pipeline {
  return createPipeline({
    threads: Math.max(1, Math.min(4, availableParallelism())),
    k: file.k,
    n: Math.max(file.n, rowsOf(file.segments.flatMap((segment) => segment.pieces))),
    pieceBytes: pieceBytesOf(file, 0),
    slots: 1,
    pieceBuffers: file.k + maximumExtra,
    stagingAreas: 1,
  })
}

type Job = RebuildOptions & {
  readonly sources: CodedFile
  readonly replacements: Replacements
  readonly retrieval: Retrieval
  readonly pipeline: Pipeline
}

/** Places what is missing and gets every new provider's signature; what one refuses to sign for is placed elsewhere. */
async function rebuild(job: Job): Promise<Rebuilt> {
  const { context, market } = job
  const record = new PeerRecord()
  for (const { lost } of job.due) lost.forEach(({ node }) => record.failed(node))
  const refusedNodes = new Set<string>()
  let bytesDone = 0
  const bytesTotal = bytesToSend(job.file, job.due)
  const onProgress = (bytes: number): void => {
    bytesDone = Math.min(bytesTotal, bytesDone + bytes)
    job.onProgress?.('rebuilding', bytesDone, bytesTotal)
  }
  const placed = new Map<number, readonly PlacedPiece[]>()
  for (let round = 0; round < maximumRounds; round++) {
    for (const segment of job.due) {
      const have = placed.get(segment.segmentIndex) ?? []
      if (have.length === segment.missing) continue
      placed.set(segment.segmentIndex, await rebuildSegment(job, segment, { have, record, refusedNodes, onProgress }))
    }
    job.onProgress?.('agreeing', bytesDone, bytesTotal)
    const { agreements, refused } = await agreeWithProviders(market, context.node, placed, job)
    if (job.signal?.aborted) throw new CancelledError('Repairing')
    if (refused.size === 0) return { placed, agreements }
    refused.forEach((_, node) => refusedNodes.add(node))
    for (const [index, pieces] of placed) {
      placed.set(
        index,
        pieces.filter((piece) => !refused.has(piece.offer.node)),
      )
    }
  }
  const short = job.due.find((segment) => placed.get(segment.segmentIndex)!.length < segment.missing)!
  const reasons = ['providers refused to sign for what they hold']
  throw new PlacementError(short.segmentIndex, placed.get(short.segmentIndex)!.length, short.missing, reasons)
}

async function rebuildSegment(
  job: Job,
  segment: DueSegment,
  state: {
    readonly have: readonly PlacedPiece[]
    readonly record: PeerRecord
    readonly refusedNodes: ReadonlySet<string>
    readonly onProgress: (bytes: number) => void
  },
): Promise<PlacedPiece[]> {
  const { pipeline, context, market, retrieval, signal } = job
  const { segmentIndex, kept, missing, rows } = segment
  const { slots } = pipeline.arena
  const maskKey = job.maskKeyOf(segmentIndex)
  const slotAddress = await slots.acquire({ signal })
  try {
    const from = { pipeline, manifest: job.sources, segmentIndex, slotAddress, maskKey, record: state.record, signal }
    const slot = await fetchIntoSlot({ ...from, fetchBytes: retrieval.fetchBytes })
    return await placeSegment({
      pipeline,
      node: context.node,
      network: { ...market.network, ...market.onBehalf },
      segmentIndex,
      slot,
      maskKey,
      n: missing,
      // Of a row that is named there is only one piece: a spare one would be of another.
      uploads: rows === undefined ? missing + Math.ceil(missing / 4) : missing,
      have: state.have,
      takenRows: new Set(kept.map((piece) => piece.index)),
      ...(rows === undefined ? {} : { rows }),
      candidates: strangersFor(job.replacements, segment, state),
      settled: false,
      mustInclude: [],
      onFailure: () => {},
      onProgress: state.onProgress,
      signal,
    })
  } finally {
    slots.release(slotAddress)
  }
}

function strangersFor(
  replacements: Replacements,
  segment: DueSegment,
  state: { readonly have: readonly PlacedPiece[]; readonly refusedNodes: ReadonlySet<string> },
): Offer[] {
  const holders = [...segment.kept, ...state.have.map(({ offer }) => offer)]
  const lost = segment.lost.map((piece) => piece.node)
  return replacementsFor(replacements, {
    holders,
    missing: segment.missing - state.have.length,
    excluded: new Set([...lost, ...state.refusedNodes]),
  })
}
