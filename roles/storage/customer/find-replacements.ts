import { pieceLength, segmentCount, segmentSpan } from '../protocol/segments.ts'
import type { CodedFile } from '../protocol/manifest.ts'
import { chooseProviders, type ChoiceRules } from './choose-providers.ts'
import type { CustomerContext } from './context.ts'
import { surveyProviders, type Offer } from './find-providers.ts'
import type { Market } from './market.ts'
import { readUnwanted } from './read-unwanted.ts'
import { readScores } from './read-scores.ts'

/** Everybody who could take over pieces of a file, and the rules by which they are chosen. */
export type Replacements = { readonly offers: readonly Offer[]; readonly rules: ChoiceRules }

/** Asks all registered providers; holders of the file that answer tell their network prefix that way. */
export async function findReplacements(
  context: CustomerContext,
  market: Market,
  manifest: CodedFile,
  signal: AbortSignal | undefined,
): Promise<Replacements> {
  const registered = await market.listProviders({ signal })
  const { network, prefixOf } = market
  const survey = await surveyProviders(context.node, registered, {
    network,
    prefixOf: (address) => prefixOf(address),
    enough: manifest.n,
    signal,
  })
  const rules = {
    neededBytes: segmentCount(manifest.bytes) * pieceLength(segmentSpan(manifest.bytes, 0).plainBytes, manifest.k),
    newOperatorSeconds: market.newOperatorSeconds,
    nowSeconds: Math.floor(Date.now() / 1000),
    mustInclude: [],
    usualPrices: survey.offers,
    scoreOf: await readScores(context, market, survey.offers, { signal }),
    random: Math.random,
  }
  const unwanted = readUnwanted(
    context,
    survey.offers.map(({ node }) => node),
  )
  // One that refuses stays known as a holder, so that its network is kept apart, but is asked for nothing.
  const offers = survey.offers.map((offer) => (unwanted(offer.node) ? { ...offer, taking: false } : offer))
  return { offers, rules }
}

/**
 * The candidates for one segment in the order of preference: nobody who holds a piece of it, shares an owner or a network with
 * one who does, or is excluded; new operators (PROTOCOL 5.8) only where the others do not suffice.
 *
 * Pure. The prefix of a holder that did not answer is unknown and cannot be kept apart.
 */
export function replacementsFor(
  { offers, rules }: Replacements,
  segment: {
    readonly holders: readonly { readonly node: string; readonly operator: string }[]
    readonly missing: number
    readonly excluded: ReadonlySet<string>
  },
): Offer[] {
  const low = (text: string): string => text.toLowerCase()
  const holders = new Set(segment.holders.map(({ node }) => low(node)))
  const operators = new Set(segment.holders.map(({ operator }) => low(operator)))
  const excluded = new Set([...segment.excluded].map(low))
  const prefixes = new Set(offers.filter(({ node }) => holders.has(low(node))).map(({ prefix }) => prefix))
  const free = offers.filter(
    ({ node, operator, prefix }) =>
      !holders.has(low(node)) && !excluded.has(low(node)) && !operators.has(low(operator)) && !prefixes.has(prefix),
  )
  const { ordered, newcomers } = chooseProviders(free, rules)
  return ordered.length >= segment.missing ? [...ordered] : [...ordered, ...newcomers]
}
