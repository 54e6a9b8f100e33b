import { availableParallelism } from 'node:os'
import { CancelledError } from '../../api/errors.ts'
import { openManifest, sealManifest } from '../protocol/manifest-envelope.ts'
import type { Manifest, ManifestPiece } from '../protocol/manifest.ts'
import { isHealthy, planRepair, type SegmentRepair } from '../protocol/plan-repair.ts'
import { repairThreshold } from '../protocol/profiles.ts'
import { deriveSegmentKeys, pathKey, unwrapSegmentSecret } from '../protocol/segment-keys.ts'
import { pieceLength, segmentSpan } from '../protocol/segments.ts'
import { agreeWithProviders, type Agreement } from './agree.ts'
import { commitFile, planCommit } from './commit-file.ts'
import { customerSecret, type CustomerContext } from './context.ts'
import { createMarket } from './create-market.ts'
import { PlacementError } from './errors.ts'
import { fetchIntoSlot, rowsOf } from './fetch-into-slot.ts'
import { maximumExtra } from './fetch-segment.ts'
import type { Offer } from './find-providers.ts'
import { findReplacements, replacementsFor, type Replacements } from './find-replacements.ts'
import { checkDeployment } from './get-file.ts'
import { keepManifest } from './keep-manifest.ts'
import type { Market } from './market.ts'
import { nodeCipher } from './node-crypto.ts'
import { openRetrieval, type Retrieval } from './open-retrieval.ts'
import { PeerRecord } from './peer-record.ts'
import { createPipeline, type Pipeline } from './pipeline/pipeline.ts'
import { placeSegment, type PlacedPiece } from './place-segment.ts'
import { minimumPeriods } from './put-file.ts'

export type RepairPhase = 'finding' | 'rebuilding' | 'agreeing' | 'paying'

/** `bytesDone` counts bytes sent to new providers against those that are needed at most. */
export type RepairProgress = { readonly phase: RepairPhase; readonly bytesDone: number; readonly bytesTotal: number }

/** What a repair would do, before anything is done. */
export type RepairOutlook = {
  readonly segments: number
  /** Segments that are due. */
  readonly due: number
  /** Healthy pieces of the worst segment, of n. */
  readonly healthy: number
  readonly k: number
  readonly n: number
  /** At so many healthy pieces or fewer a segment is due. */
  readonly threshold: number
  readonly piecesToMake: number
  readonly bytesToFetch: number
  readonly bytesToSend: number
}

export type RepairOptions = {
  readonly manifest: Uint8Array
  /** Rebuild every segment that lacks a piece, not only those that are due. */
  readonly everything?: boolean
  /** Proving periods to pay new sets for in advance; at least 30. */
  readonly periods?: number
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: RepairProgress) => void
}

export type RepairSummary = {
  readonly outlook: RepairOutlook
  readonly nodes: readonly string[]
  /** Paid in advance to new sets and locks. */
  readonly paidWei: bigint
}

/** Rounds of placing again what providers refused at the last moment. */
const maximumRounds = 3

type Diagnosis = {
  readonly manifest: Manifest
  readonly market: Market
  readonly due: readonly SegmentRepair<ManifestPiece>[]
  readonly outlook: RepairOutlook
}

/** Says what a repair would do; reads the chain only. Throws ManifestError and errors of the chain. */
export async function readRepairOutlook(
  context: CustomerContext,
  options: { manifest: Uint8Array; everything?: boolean },
): Promise<RepairOutlook> {
  return (await diagnose(context, options)).outlook
}

/**
 * Rebuilds the missing pieces of a file's segments onto new providers and returns the manifest that names them; null when
 * nothing is due. Segments stay sealed all the while: only mask keys are used (PROTOCOL 5.1, 5.7).
 *
 * Until the payment a cancelled repair leaves everything as it was; from the first payment on it is not interrupted.
 * Throws TooFewPiecesError, PlacementError, TooFewTokensError, CancelledError and errors of manifest and chain.
 */
export async function repairFile(
  context: CustomerContext,
  options: RepairOptions,
): Promise<{ manifest: Uint8Array; summary: RepairSummary } | null> {
  options.onProgress?.({ phase: 'finding', bytesDone: 0, bytesTotal: 0 })
  const diagnosis = await diagnose(context, options)
  if (diagnosis.due.length === 0) return null
  const { manifest, market, due, outlook } = diagnosis
  const replacements = await findReplacements(context, market, manifest, options.signal)
  const sources = sourcesOf(manifest, due)
  const retrieval = await openRetrieval(context, market, sources)
  const pipeline = openPipeline(manifest)
  try {
    const job = { context, market, manifest, sources, due, outlook, replacements, retrieval, pipeline, options }
    const made = await rebuild(job)
    return await pay(job, made)
  } finally {
    await pipeline.close()
    retrieval.close()
  }
}

async function diagnose(
  context: CustomerContext,
  options: { manifest: Uint8Array; everything?: boolean },
): Promise<Diagnosis> {
  const written = openManifest(nodeCipher, customerSecret(context.wallet), options.manifest)
  const market = await createMarket(context)
  checkDeployment(written, market)
  const manifest = await market.followHeirs(written)
  const [sets, period] = await Promise.all([market.listSets(), market.currentPeriod()])
  const byNode = new Map(sets.map((set) => [set.node.toLowerCase(), set]))
  const holds = (node: string): boolean => isHealthy(byNode.get(node.toLowerCase()), period)
  const due = planRepair(manifest, holds, options)
  const lengthOf = (segment: number): number => pieceLength(segmentSpan(manifest.bytes, segment).plainBytes, manifest.k)
  const sum = (bytes: (segment: SegmentRepair) => number): number => due.reduce((total, one) => total + bytes(one), 0)
  const outlook = {
    segments: manifest.segments.length,
    due: due.length,
    healthy: Math.min(...manifest.segments.map(({ pieces }) => pieces.filter(({ node }) => holds(node)).length)),
    k: manifest.k,
    n: manifest.n,
    threshold: repairThreshold(manifest.k, manifest.n),
    piecesToMake: sum((one) => one.missing),
    bytesToFetch: sum((one) => manifest.k * lengthOf(one.segmentIndex)),
    bytesToSend: sum((one) => one.missing * lengthOf(one.segmentIndex)),
  }
  return { manifest, market, due, outlook }
}

/** The manifest with only the pieces to fetch from: healthy ones, and where those do not suffice the others as well. */
function sourcesOf(manifest: Manifest, due: readonly SegmentRepair<ManifestPiece>[]): Manifest {
  const byIndex = new Map(due.map((segment) => [segment.segmentIndex, segment]))
  const segments = manifest.segments.map((segment, index) => {
    const { kept = [], lost = [] } = byIndex.get(index) ?? {}
    return { ...segment, pieces: kept.length > manifest.k ? [...kept] : [...kept, ...lost] }
  })
  return { ...manifest, segments }
}

function openPipeline(manifest: Manifest): Pipeline {
  return createPipeline({
    threads: Math.max(1, Math.min(4, availableParallelism())),
    k: manifest.k,
    n: Math.max(manifest.n, rowsOf(manifest.segments.flatMap((segment) => segment.pieces))),
    pieceBytes: pieceLength(segmentSpan(manifest.bytes, 0).plainBytes, manifest.k),
    slots: 1,
    pieceBuffers: manifest.k + maximumExtra,
    stagingAreas: 1,
  })
}

type Job = Diagnosis & {
  readonly context: CustomerContext
  readonly sources: Manifest
  readonly replacements: Replacements
  readonly retrieval: Retrieval
  readonly pipeline: Pipeline
  readonly options: RepairOptions
}

type Made = { readonly placed: ReadonlyMap<number, readonly PlacedPiece[]>; readonly agreements: readonly Agreement[] }

/** Places what is missing and gets every new provider's signature; what one refuses to sign for is placed elsewhere. */
async function rebuild(job: Job): Promise<Made> {
  const { context, market, options, outlook } = job
  const record = new PeerRecord()
  for (const { lost } of job.due) lost.forEach(({ node }) => record.failed(node))
  const refusedNodes = new Set<string>()
  let bytesDone = 0
  const onProgress = (bytes: number): void => {
    const bytesTotal = outlook.bytesToSend
    bytesDone = Math.min(bytesTotal, bytesDone + bytes)
    options.onProgress?.({ phase: 'rebuilding', bytesDone, bytesTotal })
  }
  const placed = new Map<number, readonly PlacedPiece[]>()
  for (let round = 0; round < maximumRounds; round++) {
    for (const segment of job.due) {
      const have = placed.get(segment.segmentIndex) ?? []
      if (have.length === segment.missing) continue
      placed.set(segment.segmentIndex, await rebuildSegment(job, segment, { have, record, refusedNodes, onProgress }))
    }
    options.onProgress?.({ phase: 'agreeing', bytesDone, bytesTotal: outlook.bytesToSend })
    const { agreements, refused } = await agreeWithProviders(market, context.node, placed, options)
    if (options.signal?.aborted) throw new CancelledError('Repairing')
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
  segment: SegmentRepair<ManifestPiece>,
  state: {
    readonly have: readonly PlacedPiece[]
    readonly record: PeerRecord
    readonly refusedNodes: ReadonlySet<string>
    readonly onProgress: (bytes: number) => void
  },
): Promise<PlacedPiece[]> {
  const { pipeline, manifest, context, market, options, retrieval } = job
  const { segmentIndex, kept, missing } = segment
  const { slots } = pipeline.arena
  const key = pathKey(nodeCipher, customerSecret(context.wallet), manifest.fileSalt, manifest.pathName)
  const { wrappedSecret } = manifest.segments[segmentIndex]!
  const { maskKey } = deriveSegmentKeys(nodeCipher, unwrapSegmentSecret(nodeCipher, key, segmentIndex, wrappedSecret))
  const { signal } = options
  const slotAddress = await slots.acquire({ signal })
  try {
    const from = { pipeline, manifest: job.sources, segmentIndex, slotAddress, maskKey, record: state.record, signal }
    const slot = await fetchIntoSlot({ ...from, fetchBytes: retrieval.fetchBytes })
    return await placeSegment({
      pipeline,
      node: context.node,
      network: market.network,
      segmentIndex,
      slot,
      maskKey,
      n: missing,
      uploads: missing + Math.ceil(missing / 4),
      have: state.have,
      takenRows: new Set(kept.map((piece) => piece.index)),
      candidates: candidatesOf(job, segment, state),
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

function candidatesOf(
  { replacements }: Job,
  segment: SegmentRepair<ManifestPiece>,
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

async function pay(job: Job, { placed, agreements }: Made): Promise<{ manifest: Uint8Array; summary: RepairSummary }> {
  const { context, market, manifest, options, due, outlook } = job
  const periods = Math.max(minimumPeriods, options.periods ?? minimumPeriods)
  const plan = await planCommit(market, agreements, { periods })
  const kept = new Map(due.map((segment) => [segment.segmentIndex, segment.kept]))
  const segments = manifest.segments.map((segment, index) => ({
    ...segment,
    pieces: [...(kept.get(index) ?? segment.pieces), ...(placed.get(index) ?? []).map(pieceOf)],
  }))
  const sealed = sealManifest(nodeCipher, customerSecret(context.wallet), { ...manifest, segments })
  const removeCopy = await keepManifest(context.dataDirectory, sealed)
  if (options.signal?.aborted) {
    await removeCopy()
    throw new CancelledError('Repairing')
  }
  const bytesTotal = outlook.bytesToSend
  await commitFile(market, context.node, plan, (done, total) => {
    options.onProgress?.({ phase: 'paying', bytesDone: Math.floor((bytesTotal * done) / total), bytesTotal })
  })
  const nodes = [...new Set([...placed.values()].flat().map((piece) => piece.offer.node))]
  return { manifest: sealed, summary: { outlook, nodes, paidWei: plan.totalWei } }
}

function pieceOf({ index, offer, root }: PlacedPiece): ManifestPiece {
  return { index, node: offer.node, operator: offer.operator, root }
}
