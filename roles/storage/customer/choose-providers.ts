import { neutralScore } from '../protocol/reputation.ts'
import type { Offer } from './find-providers.ts'

export type ChoiceRules = {
  /** Bytes that a chosen provider must have free. */
  readonly neededBytes: number
  /** Operators bound for a shorter time count as new: at most one of them per segment (PROTOCOL 5.8). */
  readonly newOperatorSeconds: number
  readonly nowSeconds: number
  /** Nodes that come first and are never cut. */
  readonly mustInclude: readonly string[]
  /** Whose prices say what is usual; the offers themselves where nothing is given. */
  readonly usualPrices?: readonly Offer[]
  /** Reputation of a node, 0 to 100 with 50 for a newcomer; without it all are equal. */
  readonly scoreOf?: (node: string) => number
  /** In [0, 1); spreads the load over equally good providers. */
  random(): number
}

/** Providers in the order in which they should be asked; any prefix of the list is spread as the rules want. */
export type Choice = {
  readonly ordered: readonly Offer[]
  /** Providers left out, counted by reason, for the error that says why there are too few. */
  readonly leftOut: Readonly<Record<'notTaking' | 'full' | 'dear' | 'sameOperator' | 'samePrefix', number>>
  /** New operators beyond the first; used only when the older ones do not suffice. */
  readonly newcomers: readonly Offer[]
}

/** Of the unknown, the share that is tried as if it were known to be good. */
const explorationShare = 0.15
/** A score so near to neutral says nothing yet. */
const unknownWithin = 5
/** How much a better score is preferred: 75 of 100 comes first five times as often as 50. */
const steepness = 4
/** Nobody is shut out for ever: where too few others are left, a bad home is better than none. */
const leastWeight = 0.01

/** Above this multiple of the median price a provider is passed over: nobody should pay for a typing error or a trap. */
const dearFactor = 4n

/**
 * Orders providers for one file: one per operator and per network prefix, better reputations preferred, order shuffled
 * among equals. Pure: everything that varies is handed in.
 */
export function chooseProviders(offers: readonly Offer[], rules: ChoiceRules): Choice {
  const leftOut = { notTaking: 0, full: 0, dear: 0, sameOperator: 0, samePrefix: 0 }
  const must = new Set(rules.mustInclude.map((node) => node.toLowerCase()))
  const wanted = (offer: Offer): boolean => must.has(offer.node.toLowerCase())
  const limit = dearFactor * medianPrice(rules.usualPrices ?? offers)
  const open = offers.filter((offer) => {
    if (!offer.taking) return void leftOut.notTaking++
    if (offer.freeBytes < rules.neededBytes) return void leftOut.full++
    if (offer.pricePerGiBPeriodWei > limit && !wanted(offer)) return void leftOut.dear++
    return true
  })
  const ranked = open
    .map((offer) => ({ offer, rank: (wanted(offer) ? -1 : 0) + drawRank(offer, rules) }))
    .sort((left, right) => left.rank - right.rank)
    .map(({ offer }) => offer)
  const spread = onePerOperatorAndPrefix(ranked, leftOut)
  const isNew = (offer: Offer): boolean => rules.nowSeconds - offer.boundAtSeconds < rules.newOperatorSeconds
  const fresh = spread.filter((offer) => isNew(offer) && !wanted(offer))
  const newcomers = fresh.slice(1)
  return { ordered: spread.filter((offer) => !newcomers.includes(offer)), leftOut, newcomers }
}

/**
 * A place in [0, 1), better reputations nearer to 0: weighted sampling without replacement (Efraimidis and Spirakis, 2006). Some
 * of those whom nobody knows yet compete as if they were the best, so that newcomers get work to show what they are.
 */
function drawRank(offer: Offer, { random, scoreOf }: ChoiceRules): number {
  const chance = random()
  if (scoreOf === undefined) return chance
  const score = scoreOf(offer.node)
  const explored = random() < explorationShare && Math.abs(score - neutralScore) <= unknownWithin
  const weight = Math.max(leastWeight, (explored ? 2 : score / neutralScore) ** steepness)
  return 1 - (1 - chance) ** (1 / weight)
}

function onePerOperatorAndPrefix(
  offers: readonly Offer[],
  leftOut: { sameOperator: number; samePrefix: number },
): Offer[] {
  const operators = new Set<string>()
  const prefixes = new Set<string>()
  return offers.filter((offer) => {
    const operator = offer.operator.toLowerCase()
    if (operators.has(operator)) return void leftOut.sameOperator++
    if (prefixes.has(offer.prefix)) return void leftOut.samePrefix++
    operators.add(operator)
    prefixes.add(offer.prefix)
    return true
  })
}

function medianPrice(offers: readonly Offer[]): bigint {
  const prices = offers.map((offer) => offer.pricePerGiBPeriodWei).sort((left, right) => (left < right ? -1 : 1))
  return prices[prices.length >> 1] ?? 0n
}
