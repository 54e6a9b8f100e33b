import { readProvision } from '../../../contracts/client/index.ts'
import {
  judgeProvider,
  shouldDrop,
  type AuditFact,
  type Reputation,
  type ReputationFacts,
} from '../protocol/reputation.ts'
import type { CustomerContext } from './context.ts'
import type { RegisteredProvider } from './find-providers.ts'
import type { Market, SetFacts } from './market.ts'
import { mapParallel } from '../../upkeep/map-parallel.ts'
import { openProviderBook, type ProviderBook } from './provider-book.ts'
import { refreshHistory } from './refresh-history.ts'

/** What a customer thinks of a provider, why, and whether its next pieces should go elsewhere. */
export type JudgedProvider = Reputation & {
  readonly node: string
  readonly operator: string
  /** Refused again and again what was to be paid for: repair onto others, and let it go (PROTOCOL 5.6). */
  readonly drop: boolean
}

type Clock = Awaited<ReturnType<typeof refreshHistory>>

/** Sets that nobody settled yet are counted as missed for so many periods at most. */
const mostUnsettled = 30
/** Questions to the chain at the same time. */
const parallelReads = 16
/** Too short to measure a speed by. */
const leastBytesForSpeed = 64 * 1024

/**
 * Judges providers from what the chain says, from this customer's own audits and downloads, and from what others signed.
 * Reads the chain and the customer's book; contacts no provider. Throws errors of the chain.
 */
export async function readReputations(
  context: Pick<CustomerContext, 'chain' | 'dataDirectory'>,
  market: Market,
  providers: readonly (RegisteredProvider & { readonly minimumBytesPerSecond?: number })[],
  options: { readonly signal?: AbortSignal } = {},
): Promise<JudgedProvider[]> {
  const { chain } = context
  const book = openProviderBook(context.dataDirectory)
  try {
    const clock = await refreshHistory(chain, book, options)
    const operators = [...new Set(providers.map(({ operator }) => operator.toLowerCase()))]
    const stakes = await mapParallel(operators, parallelReads, (operator) =>
      readProvision(chain, operator, undefined, options),
    )
    const provisions = new Map(operators.map((operator, index) => [operator, stakes[index]!]))
    const sets = new Map((await market.listSets()).map((set) => [set.node.toLowerCase(), set]))
    const usualProvisionWei = median(stakes)
    return providers.map((provider) => {
      const { node, operator } = provider
      const provisionWei = provisions.get(operator.toLowerCase()) ?? 0n
      const own = sets.get(node.toLowerCase())
      const facts = gatherFacts(book, clock, { provider, own, provisionWei, usualProvisionWei })
      return { node, operator, ...judgeProvider(facts), drop: shouldDrop(book.retrievals(node)) }
    })
  } finally {
    book.close()
  }
}

type Known = {
  readonly provider: RegisteredProvider & { readonly minimumBytesPerSecond?: number }
  readonly own: SetFacts | undefined
  readonly provisionWei: bigint
  readonly usualProvisionWei: bigint
}

function gatherFacts(book: ProviderBook, clock: Clock, known: Known): ReputationFacts {
  const { node, boundAtSeconds, minimumBytesPerSecond = 0 } = known.provider
  const { inOrder, abandoned } = book.endingsOf(node)
  const agoOf = (atSeconds: number): number => (clock.timestampSeconds - atSeconds) / clock.provingPeriodSeconds
  const { provisionWei, usualProvisionWei } = known
  const proofs = proofsOf(book, clock, node, known.own)
  return {
    proofs,
    boundForPeriods: Math.max(0, agoOf(boundAtSeconds)),
    provisionWei,
    usualProvisionWei,
    ownAudits: book.audits(node).map((audit) => auditFact(audit, clock)),
    othersAudits: othersOf(book, clock, node),
    retrievals: book.retrievals(node).map(({ atSeconds, outcome, bytes, tookMs }) => ({
      periodsAgo: Math.max(0, agoOf(atSeconds)),
      outcome,
      bytesPerSecond: bytes >= leastBytesForSpeed && tookMs > 0 ? (bytes * 1000) / tookMs : null,
    })),
    minimumBytesPerSecond,
    jointDowntime: jointDowntimeOf(book, clock, proofs),
    endedInOrder: inOrder,
    abandoned,
  }
}

type ProofFact = ReputationFacts['proofs'][number]

/** Outcomes on chain, and the customer's own set's periods that nobody has settled although others proved theirs then. */
function proofsOf(book: ProviderBook, { period }: Clock, node: string, own: SetFacts | undefined): ProofFact[] {
  const settled = book.periodsOf(node)
  const known = new Set(settled.map((one) => one.period))
  const usable = new Set(
    book
      .periods()
      .filter(({ proving }) => proving > 0)
      .map((one) => one.period),
  )
  const facts = settled.map((one) => ({ ...one, periodsAgo: period - one.period }))
  if (own?.state !== 'active') return facts
  const last = Math.max(own.lastProvenPeriod ?? 0, own.firstPeriod - 1, period - 1 - mostUnsettled)
  for (let missed = last + 1; missed < period - 1; missed++) {
    if (usable.has(missed) && !known.has(missed))
      facts.push({ period: missed, periodsAgo: period - missed, proven: 0, missed: 1 })
  }
  return facts
}

function auditFact(
  { period, right, late, wrong, silent }: Omit<AuditFact, 'periodsAgo'> & { readonly period: number },
  clock: Clock,
): AuditFact {
  return { periodsAgo: Math.max(0, clock.period - period), right, late, wrong, silent }
}

function othersOf(book: ProviderBook, clock: Clock, node: string): ReputationFacts['othersAudits'] {
  const byCustomer = new Map<string, { weight: number; audits: AuditFact[] }>()
  for (const heard of book.heard(node)) {
    const entry = byCustomer.get(heard.customer) ?? { weight: heard.weight, audits: [] }
    entry.audits.push(auditFact(heard, clock))
    byCustomer.set(heard.customer, entry)
  }
  return [...byCustomer.values()]
}

/** Of the periods that a node missed, how many it shared with how large a part of the network; null without a period. */
function jointDowntimeOf(book: ProviderBook, { period }: Clock, proofs: readonly ProofFact[]): number | null {
  if (proofs.length === 0) return null
  const network = new Map(book.periods().map((one) => [one.period, one]))
  const shared = proofs
    .filter(({ missed }) => missed > 0)
    .map(({ periodsAgo }) => {
      const { proving = 0, missing = 0 } = network.get(period - periodsAgo) ?? {}
      return proving + missing <= 1 ? 0 : Math.max(0, missing - 1) / (proving + missing - 1)
    })
  return shared.reduce((sum, share) => sum + share, 0) / proofs.length
}

function median(values: readonly bigint[]): bigint {
  const sorted = [...values].sort((left, right) => (left < right ? -1 : 1))
  return sorted[sorted.length >> 1] ?? 0n
}
