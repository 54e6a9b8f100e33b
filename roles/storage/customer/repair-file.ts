import { untilSettled } from '../../../contracts/client/index.ts'
import { CancelledError } from '../../api/errors.ts'
import { sealManifest } from '../protocol/manifest-envelope.ts'
import type { Manifest, ManifestPiece } from '../protocol/manifest.ts'
import { isHealthy, planRepair, type SegmentRepair } from '../protocol/plan-repair.ts'
import { repairThreshold } from '../protocol/profiles.ts'
import { deriveSegmentKeys, pathKey, unwrapSegmentSecret } from '../protocol/segment-keys.ts'
import { adoptPaid } from './adopt-paid.ts'
import { commitFile, planCommit } from './commit-file.ts'
import { customerSecret, type CustomerContext } from './context.ts'
import { reasonOf } from './errors.ts'
import { keepManifest } from './keep-manifest.ts'
import type { Market } from './market.ts'
import { nodeCipher } from './node-crypto.ts'
import { openCurrent } from './open-current.ts'
import type { PlacedPiece } from './place-segment.ts'
import { minimumPeriods } from './put-file.ts'
import { finishDropped, takeOut } from './take-out.ts'
import { readUnwanted } from './read-unwanted.ts'
import { bytesToSend, pieceBytesOf, rebuildFile, type Rebuilt } from './rebuild-file.ts'

export type RepairPhase = 'finding' | 'rebuilding' | 'agreeing' | 'paying'

/** `bytesDone` counts bytes sent to new providers against those that are needed at most. */
export type RepairProgress = { readonly phase: RepairPhase; readonly bytesDone: number; readonly bytesTotal: number }

/** What a repair would do, before anything is done. */
export type RepairOutlook = {
  readonly segments: number
  /** Segments that are due: too few healthy pieces, or a piece at a node that refuses downloads. */
  readonly due: number
  /** Healthy pieces of the worst segment, of n. */
  readonly healthy: number
  readonly k: number
  readonly n: number
  /** At so many healthy pieces or fewer a segment is due. */
  readonly threshold: number
  /** Pieces of an interrupted repair that are paid for and only missing in the manifest. */
  readonly piecesFound: number
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

type Diagnosis = {
  readonly manifest: Manifest
  readonly market: Market
  readonly due: readonly SegmentRepair<ManifestPiece>[]
  /** Lost pieces in whose place those of an interrupted repair were found. */
  readonly replaced: readonly ManifestPiece[]
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
 * nothing is due. Pieces at nodes that refuse downloads move too, and their sets end with the running period (PROTOCOL 5.6).
 * Segments stay sealed all the while: only mask keys are used (PROTOCOL 5.1, 5.7). What an interrupted repair had paid for is
 * taken as it is, never made or paid again.
 *
 * Until the payment a cancelled repair leaves everything as it was; from the first payment on it is not interrupted.
 * Throws TooFewPiecesError, PlacementError, TooFewTokensError, CancelledError and errors of manifest and chain.
 */
export async function repairFile(
  context: CustomerContext,
  options: RepairOptions,
): Promise<{ manifest: Uint8Array; summary: RepairSummary } | null> {
  options.onProgress?.({ phase: 'finding', bytesDone: 0, bytesTotal: 0 })
  await untilSettled(context.chain, context.wallet.address, { signal: options.signal })
  const diagnosis = await diagnose(context, options)
  const { manifest, market, due, outlook } = diagnosis
  if (due.length === 0 && outlook.piecesFound === 0) return null
  if (due.length === 0) return pay({ ...diagnosis, context, options }, { placed: new Map(), agreements: [] })
  const secret = customerSecret(context.wallet)
  const key = pathKey(nodeCipher, secret, manifest.fileSalt, manifest.pathName)
  const made = await rebuildFile({
    context,
    market,
    file: manifest,
    due,
    maskKeyOf: (index) => maskKeyOf(manifest, key, index),
    signal: options.signal,
    onProgress: (phase, bytesDone, bytesTotal) => options.onProgress?.({ phase, bytesDone, bytesTotal }),
  })
  return pay({ ...diagnosis, context, options }, made)
}

/** The key that masks a segment's pieces, all that a repair needs of its secret. */
export function maskKeyOf(manifest: Manifest, key: Uint8Array, segmentIndex: number): Uint8Array {
  const { wrappedSecret } = manifest.segments[segmentIndex]!
  return deriveSegmentKeys(nodeCipher, unwrapSegmentSecret(nodeCipher, key, segmentIndex, wrappedSecret)).maskKey
}

async function diagnose(
  context: CustomerContext,
  options: { manifest: Uint8Array; everything?: boolean },
): Promise<Diagnosis> {
  const { manifest: named, market } = await openCurrent(context, options.manifest)
  const [sets, period] = await Promise.all([market.listSets(), market.currentPeriod()])
  const byNode = new Map(sets.map((set) => [set.node.toLowerCase(), set]))
  const holds = (node: string): boolean => isHealthy(byNode.get(node.toLowerCase()), period)
  const { file: manifest, found, replaced } = await adoptPaid(context, named, holds)
  const nodes = manifest.segments.flatMap(({ pieces }) => pieces.map(({ node }) => node))
  const due = planRepair(manifest, holds, { ...options, unwanted: readUnwanted(context, nodes) })
  const outlook = {
    segments: manifest.segments.length,
    due: due.length,
    healthy: Math.min(...manifest.segments.map(({ pieces }) => pieces.filter(({ node }) => holds(node)).length)),
    k: manifest.k,
    n: manifest.n,
    threshold: repairThreshold(manifest.k, manifest.n),
    piecesFound: found,
    piecesToMake: due.reduce((sum, one) => sum + one.missing, 0),
    bytesToFetch: due.reduce((sum, one) => sum + manifest.k * pieceBytesOf(manifest, one.segmentIndex), 0),
    bytesToSend: bytesToSend(manifest, due),
  }
  return { manifest, market, due, replaced, outlook }
}

type Job = Diagnosis & { readonly context: CustomerContext; readonly options: RepairOptions }

async function pay(
  job: Job,
  { placed, agreements }: Rebuilt,
): Promise<{ manifest: Uint8Array; summary: RepairSummary }> {
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
  if (agreements.length > 0) {
    await commitFile(market, context.node, plan, (done, total) => {
      options.onProgress?.({ phase: 'paying', bytesDone: Math.floor((bytesTotal * done) / total), bytesTotal })
    })
  }
  await letGo(job)
  const nodes = [...new Set([...placed.values()].flat().map((piece) => piece.offer.node))]
  return { manifest: sealed, summary: { outlook, nodes, paidWei: plan.totalWei } }
}

/** Takes the lost pieces off the chain, so that their escrow is not kept for nothing. The file is whole by now: a failure is only noted. */
async function letGo({ context, market, due, replaced }: Job): Promise<void> {
  const lost = [...replaced, ...due.flatMap((segment) => segment.lost)]
  try {
    await takeOut(context, market, lost)
    await finishDropped(context, market)
  } catch (error) {
    context.log.warn('Lost pieces could not be taken out of their sets; the next repair tries again.', {
      error: reasonOf(error),
    })
  }
}

function pieceOf({ index, offer, root }: PlacedPiece): ManifestPiece {
  return { index, node: offer.node, operator: offer.operator, root }
}
