import { CancelledError } from '../../api/errors.ts'
import { chooseProfile, minimumProviders, profileOf, type Profile } from '../protocol/profiles.ts'
import { segmentSecretBytes } from '../protocol/segment-keys.ts'
import { pieceLength, segmentCount, segmentSpan } from '../protocol/segments.ts'
import { chooseProviders, type Choice } from './choose-providers.ts'
import type { CustomerContext } from './context.ts'
import { TooFewProvidersError } from './errors.ts'
import { surveyProviders, type Offer, type Survey } from './find-providers.ts'
import { keepApart, readAttendance } from './joint-downtime.ts'
import type { Market } from './market.ts'
import { nodeCipher } from './node-crypto.ts'
import type { PutOptions } from './put-file.ts'
import { readUnwanted } from './read-unwanted.ts'
import { readScores } from './read-scores.ts'
import type { PutRecord } from './resume/put-journal.ts'
import type { Source } from './source.ts'

/** Who is asked, by which code, under which keys. */
export type Plan = {
  readonly profile: Profile
  readonly offers: readonly Offer[]
  readonly waived: boolean
  readonly fileSalt: Uint8Array
  readonly secrets: readonly Uint8Array[]
}

/**
 * Asks providers and chooses among them; a put that continues keeps its code, its keys and the providers that hold its pieces.
 * Throws TooFewProvidersError, CancelledError and errors of the chain.
 */
export async function planPut(
  context: CustomerContext,
  market: Market,
  source: Source,
  options: Pick<PutOptions, 'mustInclude' | 'signal' | 'notes'>,
): Promise<Plan> {
  const { signal } = options
  const registered = await market.listProviders({ signal })
  const { network, prefixOf } = market
  const survey = await surveyProviders(context.node, registered, {
    network,
    prefixOf: (address) => prefixOf(address),
    enough: minimumProviders,
    signal,
  })
  if (signal?.aborted) throw new CancelledError('Storing')
  const earlier = options.notes?.earlier ?? null
  const held = heldBytes(earlier)
  const resting = await market.clearEndedSets()
  const unwanted = readUnwanted(
    context,
    survey.offers.map(({ node }) => node),
  )
  const willing = survey.offers.filter(({ node }) => !unwanted(node))
  const usable = willing.filter(({ node }) => !resting.has(node.toLowerCase()))
  const answered = usable.map((offer) => ({
    ...offer,
    freeBytes: offer.freeBytes + (held.get(offer.node) ?? 0),
  }))
  // The narrowest code has the longest pieces; a provider must take one of every segment.
  const neededBytes = segmentCount(source.size) * pieceLength(segmentSpan(source.size, 0).plainBytes, 4)
  const choice = chooseProviders(answered, {
    neededBytes,
    newOperatorSeconds: market.newOperatorSeconds,
    nowSeconds: Math.floor(Date.now() / 1000),
    mustInclude: [...(options.mustInclude ?? []), ...held.keys()],
    scoreOf: await readScores(context, market, survey.offers, { signal }),
    random: Math.random,
  })
  const withNew = [...choice.ordered, ...choice.newcomers]
  const waived = chooseProfile(choice.ordered.length) === null && choice.newcomers.length > 0
  const spread = waived ? withNew : choice.ordered
  const attendanceOf = readAttendance(
    context,
    spread.map(({ node }) => node),
  )
  const offers = keepApart(spread, attendanceOf)
  const profile = earlier === null ? chooseProfile(offers.length) : profileOf(earlier.plan.n)
  if (!profile || (earlier === null ? profile.fromProviders : profile.n) > offers.length)
    throw tooFew(registered.length, { ...survey, ...notUsable(survey.offers, willing, usable) }, choice, offers.length)
  if (earlier !== null) return { profile, offers, waived, ...earlier.plan }
  const secrets = Array.from({ length: segmentCount(source.size) }, () => nodeCipher.randomBytes(segmentSecretBytes))
  const fileSalt = nodeCipher.randomBytes(32)
  options.notes?.begin({ bytes: source.size, k: profile.k, n: profile.n, fileSalt, secrets })
  return { profile, offers, waived, fileSalt, secrets }
}

/** What an earlier try has left at each provider: its disk is less free by that much, and needs as much less. */
function heldBytes(earlier: PutRecord | null): Map<string, number> {
  const held = new Map<string, number>()
  for (const { offer, lengthBytes } of [...(earlier?.placed.values() ?? [])].flat())
    held.set(offer.node, (held.get(offer.node) ?? 0) + lengthBytes)
  return held
}

type NotUsable = { readonly resting: number; readonly unwilling: number }

function notUsable(all: readonly Offer[], willing: readonly Offer[], usable: readonly Offer[]): NotUsable {
  return { unwilling: all.length - willing.length, resting: willing.length - usable.length }
}

function tooFew(
  registered: number,
  survey: Survey & NotUsable,
  choice: Choice,
  suitable: number,
): TooFewProvidersError {
  const { notTaking, full, dear, sameOperator, samePrefix } = choice.leftOut
  const why = [
    { count: survey.silent.length, text: `no answer (${survey.silent[0]?.reason})` },
    { count: survey.resting, text: 'your earlier files there ended a short while ago' },
    { count: survey.unwilling, text: 'refused to give your pieces back before' },
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
