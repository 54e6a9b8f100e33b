import { CancelledError } from '../../api/errors.ts'
import { openManifest, sealManifest } from '../protocol/manifest-envelope.ts'
import type { Manifest } from '../protocol/manifest.ts'
import { deriveSegmentKeys, pathKey, wrapSegmentSecret } from '../protocol/segment-keys.ts'
import { pieceLength, segmentCount, segmentSpan } from '../protocol/segments.ts'
import { agreeWithProviders, type Agreement } from './agree.ts'
import { commitFile, planCommit } from './commit-file.ts'
import { customerSecret, type CustomerContext } from './context.ts'
import { createMarket } from './create-market.ts'
import { PlacementError } from './errors.ts'
import { keepManifest } from './keep-manifest.ts'
import type { Market } from './market.ts'
import { nodeCipher } from './node-crypto.ts'
import { openPutPipeline } from './open-put-pipeline.ts'
import type { Pipeline } from './pipeline/pipeline.ts'
import type { PlacedPiece } from './place-segment.ts'
import { planPut, type Plan } from './plan-put.ts'
import type { PutNotes } from './resume/put-notes.ts'
import { isListed, planLocks, readListedRoots, reusablePieces } from './resume/what-is-left.ts'
import { openFileSource, type Source } from './source.ts'
import { uploadFile } from './upload-file.ts'

export type PutPhase = 'finding' | 'storing' | 'agreeing' | 'paying'

/** `bytesDone` counts bytes sent, spare and replaced uploads included, against those that are needed at most. */
export type PutProgress = { readonly phase: PutPhase; readonly bytesDone: number; readonly bytesTotal: number }

export type PutOptions = {
  /** A path, or anything of known length with random access. */
  readonly source: string | Source
  /** Name or path under which the customer knows the file; it takes part in the keys and is stored encrypted. */
  readonly pathName: string
  /** Proving periods to pay for in advance; at least 30. */
  readonly periods?: number
  /** Nodes that must get a piece of every segment. */
  readonly mustInclude?: readonly string[]
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: PutProgress) => void
  /** Where what is done is written down, for `putResumably`; without it a put that fails begins anew. */
  readonly notes?: PutNotes
}

export type PutSummary = {
  readonly bytes: number
  readonly segments: number
  readonly k: number
  readonly n: number
  readonly pieces: number
  readonly nodes: readonly string[]
  readonly paidWei: bigint
  readonly spreadWaived: boolean
}

/** Periods that the contract wants paid in advance (PROTOCOL 5.6). */
export const minimumPeriods = 30

/** Rounds of placing again what providers refused at the last moment. */
const maximumRounds = 3

/**
 * Stores a file: seals, codes and spreads it, gets every provider's signature, pays, and returns the manifest.
 *
 * Nothing is paid before all pieces are placed and signed for; pieces of a put that was cancelled or failed expire at
 * the providers. From the first payment on it is not interrupted. Throws TooFewProvidersError, PlacementError,
 * TooFewTokensError, CancelledError and errors of source and chain.
 */
export async function putFile(
  context: CustomerContext,
  options: PutOptions,
): Promise<{ manifest: Uint8Array; summary: PutSummary }> {
  const done = options.notes?.earlier?.paid
  if (done) return { manifest: done.manifest, summary: summaryOf(openOwn(context, done.manifest), done.paidWei) }
  const periods = Math.max(minimumPeriods, options.periods ?? minimumPeriods)
  const source = typeof options.source === 'string' ? await openFileSource(options.source) : options.source
  try {
    const market = await createMarket(context)
    options.onProgress?.({ phase: 'finding', bytesDone: 0, bytesTotal: source.size })
    const plan = await planPut(context, market, source, options)
    const pipeline = openPutPipeline(plan.profile, source.size)
    try {
      const stored = await storeEverywhere(context, market, pipeline, { ...options, source }, plan)
      return await payAndList(context, market, { ...options, source, periods }, plan, stored)
    } finally {
      await pipeline.close()
    }
  } finally {
    if (typeof options.source === 'string') await (source as Source & { close(): Promise<void> }).close()
  }
}

type Stored = {
  readonly placed: ReadonlyMap<number, readonly PlacedPiece[]>
  /** For the pieces that are not on chain yet. */
  readonly agreements: readonly Agreement[]
}

/** Uploads, then asks for signatures; what a provider refuses to sign for is placed elsewhere. */
async function storeEverywhere(
  context: CustomerContext,
  market: Market,
  pipeline: Pipeline,
  options: PutOptions & { source: Source },
  plan: Plan,
): Promise<Stored> {
  const { profile, offers, secrets } = plan
  const { source, signal } = options
  const bytesTotal =
    segmentCount(source.size) * profile.uploads * pieceLength(segmentSpan(source.size, 0).plainBytes, profile.k)
  const listed = await listedBefore(context, options)
  let placed = reusedFrom(options, plan, listed)
  let bytesDone = [...placed.values()].flat().reduce((sum, piece) => sum + piece.lengthBytes, 0)
  const onProgress = (bytes: number): void => {
    bytesDone += bytes
    options.onProgress?.({ phase: 'storing', bytesDone: Math.min(bytesDone, bytesTotal), bytesTotal })
  }
  const excluded = new Set<string>()
  for (let round = 0; round < maximumRounds; round++) {
    placed = await uploadFile({
      pipeline,
      node: context.node,
      network: market.network,
      source,
      profile,
      offers,
      mustInclude: options.mustInclude ?? [],
      keysOf: (segment) => deriveSegmentKeys(nodeCipher, secrets[segment]!),
      placed,
      excluded,
      onSegmentRead: options.notes?.segmentRead,
      onPlaced: options.notes?.piecePlaced,
      onProgress,
      signal,
    })
    options.onProgress?.({ phase: 'agreeing', bytesDone: bytesTotal, bytesTotal })
    await source.verify?.()
    const { agreements, refused } = await agreeWithProviders(market, context.node, withoutListed(placed, listed), {
      signal,
    })
    throwIfAborted(signal)
    if (refused.size === 0) return { placed, agreements }
    refused.forEach((reason, node) => {
      excluded.add(node)
      context.log.warn('A provider did not sign for the pieces that it holds.', { node, reason })
    })
    placed = new Map(
      [...placed].map(([segment, pieces]) => [segment, pieces.filter((piece) => !refused.has(piece.offer.node))]),
    )
  }
  const [segment, pieces] = [...placed].find(([, left]) => left.length < profile.n) ?? [0, []]
  throw new PlacementError(segment, pieces.length, profile.n, ['providers refused to sign for what they hold'])
}

/** Roots that an interrupted payment of this put had listed already. */
async function listedBefore(context: CustomerContext, { notes, signal }: PutOptions): Promise<ReadonlySet<string>> {
  return notes?.earlier ? readListedRoots(context, notes.earlier, { signal }) : new Set()
}

function reusedFrom(
  { notes }: PutOptions,
  { offers, profile }: Plan,
  listed: ReadonlySet<string>,
): ReadonlyMap<number, readonly PlacedPiece[]> {
  const nowSeconds = Math.floor(Date.now() / 1000)
  return notes?.earlier ? reusablePieces(notes.earlier, { offers, listed, nowSeconds, n: profile.n }) : new Map()
}

function withoutListed(
  placed: ReadonlyMap<number, readonly PlacedPiece[]>,
  listed: ReadonlySet<string>,
): Map<number, readonly PlacedPiece[]> {
  return new Map([...placed].map(([segment, pieces]) => [segment, pieces.filter((piece) => !isListed(piece, listed))]))
}

async function payAndList(
  context: CustomerContext,
  market: Market,
  options: PutOptions & { source: Source; periods: number },
  plan: Plan,
  stored: Stored,
): Promise<{ manifest: Uint8Array; summary: PutSummary }> {
  const planned = await planCommit(market, stored.agreements, { periods: options.periods })
  const { locks, intents } = await planLocks(market, planned.locks, options.notes?.earlier?.locks ?? new Map())
  const commit = { ...planned, locks, totalWei: planned.totalWei - sumOf(planned.locks) + sumOf(locks) }
  const secret = customerSecret(context.wallet)
  const described = describeFile(market, secret, options, plan, stored.placed)
  const manifest = sealManifest(nodeCipher, secret, described)
  const removeCopy = await keepManifest(context.dataDirectory, manifest)
  if (options.signal?.aborted) {
    await removeCopy()
    throw new CancelledError('Storing')
  }
  options.notes?.locksBegun(intents)
  await commitFile(market, context.node, commit, (done, total) => {
    const bytesTotal = options.source.size
    options.onProgress?.({ phase: 'paying', bytesDone: Math.floor((bytesTotal * done) / total), bytesTotal })
  })
  options.notes?.paid(manifest, commit.totalWei)
  return { manifest, summary: summaryOf(described, commit.totalWei) }
}

function sumOf(amounts: ReadonlyMap<string, bigint>): bigint {
  return [...amounts.values()].reduce((sum, wei) => sum + wei, 0n)
}

function openOwn(context: CustomerContext, manifest: Uint8Array): Manifest {
  return openManifest(nodeCipher, customerSecret(context.wallet), manifest)
}

function summaryOf({ bytes, segments, k, n, spreadWaived }: Manifest, paidWei: bigint): PutSummary {
  const pieces = segments.flatMap((segment) => segment.pieces)
  return {
    ...{ bytes, k, n, paidWei },
    segments: segments.length,
    pieces: pieces.length,
    nodes: [...new Set(pieces.map((piece) => piece.node))],
    spreadWaived: spreadWaived.length > 0,
  }
}

function describeFile(
  market: Market,
  secret: Uint8Array,
  options: PutOptions & { source: Source },
  plan: Plan,
  placed: ReadonlyMap<number, readonly PlacedPiece[]>,
): Manifest {
  const key = pathKey(nodeCipher, secret, plan.fileSalt, options.pathName)
  const { archive } = options.source
  return {
    formatVersion: archive === undefined ? 1 : 2,
    ...(archive === undefined ? {} : { archive }),
    ...market.network,
    customer: market.customer,
    fileSalt: plan.fileSalt,
    pathName: options.pathName,
    bytes: options.source.size,
    k: plan.profile.k,
    n: plan.profile.n,
    createdAtSeconds: Math.floor(Date.now() / 1000),
    segments: plan.secrets.map((segmentSecret, index) => ({
      wrappedSecret: wrapSegmentSecret(nodeCipher, key, index, segmentSecret),
      pieces: (placed.get(index) ?? []).map(({ index: row, offer, root }) => ({
        index: row,
        node: offer.node,
        operator: offer.operator,
        root,
      })),
    })),
    spreadWaived: plan.waived ? plan.secrets.map((_, index) => index) : [],
  }
}

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new CancelledError('Storing')
}
