import { CancelledError } from '../../api/errors.ts'
import { sealManifest } from '../protocol/manifest-envelope.ts'
import type { Manifest } from '../protocol/manifest.ts'
import { chooseProfile, minimumProviders, type Profile } from '../protocol/profiles.ts'
import { deriveSegmentKeys, pathKey, segmentSecretBytes, wrapSegmentSecret } from '../protocol/segment-keys.ts'
import { pieceLength, segmentCount, segmentSpan } from '../protocol/segments.ts'
import { agreeWithProviders, type Agreement } from './agree.ts'
import { chooseProviders, type Choice } from './choose-providers.ts'
import { commitFile, planCommit } from './commit-file.ts'
import { customerSecret, type CustomerContext } from './context.ts'
import { createMarket } from './create-market.ts'
import { PlacementError, TooFewProvidersError } from './errors.ts'
import { surveyProviders, type Offer, type Survey } from './find-providers.ts'
import { keepManifest } from './keep-manifest.ts'
import type { Market } from './market.ts'
import { nodeCipher } from './node-crypto.ts'
import { openPutPipeline } from './open-put-pipeline.ts'
import type { Pipeline } from './pipeline/pipeline.ts'
import type { PlacedPiece } from './place-segment.ts'
import { readScores } from './read-scores.ts'
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

type Plan = {
  readonly profile: Profile
  readonly offers: readonly Offer[]
  readonly waived: boolean
  readonly fileSalt: Uint8Array
  readonly secrets: readonly Uint8Array[]
}

type Stored = {
  readonly placed: ReadonlyMap<number, readonly PlacedPiece[]>
  readonly agreements: readonly Agreement[]
}

async function planPut(context: CustomerContext, market: Market, source: Source, options: PutOptions): Promise<Plan> {
  const { signal } = options
  const registered = await market.listProviders({ signal })
  const { network, prefixOf } = market
  const survey = await surveyProviders(context.node, registered, {
    network,
    prefixOf: (address) => prefixOf(address),
    enough: minimumProviders,
    signal,
  })
  throwIfAborted(signal)
  // The narrowest code has the longest pieces; a provider must take one of every segment.
  const neededBytes = segmentCount(source.size) * pieceLength(segmentSpan(source.size, 0).plainBytes, 4)
  const choice = chooseProviders(survey.offers, {
    neededBytes,
    newOperatorSeconds: market.newOperatorSeconds,
    nowSeconds: Math.floor(Date.now() / 1000),
    mustInclude: options.mustInclude ?? [],
    scoreOf: await readScores(context, market, survey.offers, { signal }),
    random: Math.random,
  })
  const withNew = [...choice.ordered, ...choice.newcomers]
  const waived = chooseProfile(choice.ordered.length) === null && choice.newcomers.length > 0
  const offers = waived ? withNew : choice.ordered
  const profile = chooseProfile(offers.length)
  if (!profile) throw tooFew(registered.length, survey, choice, offers.length)
  const secrets = Array.from({ length: segmentCount(source.size) }, () => nodeCipher.randomBytes(segmentSecretBytes))
  return { profile, offers, waived, fileSalt: nodeCipher.randomBytes(32), secrets }
}

function tooFew(registered: number, survey: Survey, choice: Choice, suitable: number): TooFewProvidersError {
  const { notTaking, full, dear, sameOperator, samePrefix } = choice.leftOut
  const why = [
    { count: survey.silent.length, text: `no answer (${survey.silent[0]?.reason})` },
    { count: notTaking, text: 'taking nothing new at the moment' },
    { count: full, text: 'too little free space for this file' },
    { count: dear, text: 'priced far above the others' },
    { count: sameOperator, text: 'several machines of one owner count once' },
    { count: samePrefix, text: 'several machines in one network count once' },
  ]
    .filter((reason) => reason.count > 0)
    .sort((left, right) => right.count - left.count)
    .map((reason) => `${reason.text} (${reason.count})`)
  return new TooFewProvidersError({
    registered,
    answered: survey.offers.length,
    suitable,
    needed: minimumProviders,
    why,
  })
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
  let bytesDone = 0
  const onProgress = (bytes: number): void => {
    bytesDone += bytes
    options.onProgress?.({ phase: 'storing', bytesDone: Math.min(bytesDone, bytesTotal), bytesTotal })
  }
  const excluded = new Set<string>()
  let placed: ReadonlyMap<number, readonly PlacedPiece[]> = new Map()
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
      onProgress,
      signal,
    })
    options.onProgress?.({ phase: 'agreeing', bytesDone: bytesTotal, bytesTotal })
    await source.verify?.()
    const { agreements, refused } = await agreeWithProviders(market, context.node, placed, { signal })
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

async function payAndList(
  context: CustomerContext,
  market: Market,
  options: PutOptions & { source: Source; periods: number },
  plan: Plan,
  stored: Stored,
): Promise<{ manifest: Uint8Array; summary: PutSummary }> {
  const { profile } = plan
  const commit = await planCommit(market, stored.agreements, { periods: options.periods })
  const secret = customerSecret(context.wallet)
  const manifest = sealManifest(nodeCipher, secret, describeFile(market, secret, options, plan, stored.placed))
  const removeCopy = await keepManifest(context.dataDirectory, manifest)
  if (options.signal?.aborted) {
    await removeCopy()
    throw new CancelledError('Storing')
  }
  await commitFile(market, context.node, commit, (done, total) => {
    const bytesTotal = options.source.size
    options.onProgress?.({ phase: 'paying', bytesDone: Math.floor((bytesTotal * done) / total), bytesTotal })
  })
  const pieces = [...stored.placed.values()].flat()
  const summary = {
    bytes: options.source.size,
    segments: stored.placed.size,
    k: profile.k,
    n: profile.n,
    pieces: pieces.length,
    nodes: [...new Set(pieces.map((piece) => piece.offer.node))],
    paidWei: commit.totalWei,
    spreadWaived: plan.waived,
  }
  return { manifest, summary }
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
