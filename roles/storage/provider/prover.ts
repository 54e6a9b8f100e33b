import {
  currentPeriod,
  listDataSets,
  seedSlotOfPeriod,
  type Chain,
  type DataSetView,
} from '../../../contracts/client/index.ts'
import type { MissCause } from '../../api/messages.ts'
import type { RoleContext } from '../../api/worker.ts'
import { answerChallenges } from './answer-challenges.ts'
import { causeOf, type MissExplainer } from './explain-missed.ts'
import { obtainSeed } from '../../upkeep/obtain-seed.ts'
import type { PieceStore } from './piece-store.ts'
import { ProofError } from './prove-stored-leaf.ts'
import { submitProofs, type ProofOutcome, type SetProof } from './submit-proofs.ts'
import type { Timing } from './timing.ts'
import type { Head } from '../../upkeep/watch-chain.ts'

export type ProverParts = {
  readonly chain: Chain
  readonly node: string
  readonly timing: Timing
  readonly store: PieceStore
  readonly context: RoleContext
  /** Tells periods that ended without a proof, with their cause. */
  readonly misses: MissExplainer
  /** Brings one set's pieces up to date before it is proven. */
  reconcile(customer: string): Promise<void>
  readonly signal: AbortSignal
}

/** How the current period stands. */
export type ProofStatus = {
  readonly dataSets: number
  readonly provenSets: number
  readonly lastProvenPeriod: number | null
  readonly currentPeriod: number | null
  /** Epoch milliseconds when the next proof can begin; null without anything to prove. */
  readonly nextProofAtMs: number | null
  /** Epoch milliseconds when the first escrow is used up, as of the period's beginning; null without a paid set. */
  readonly paidUntilMs: number | null
}

/** Proves this node's sets once a period. */
export type Prover = {
  /** Goes one step further; does nothing while a step runs. Never rejects. */
  step(head: Head): Promise<void>
  /** Forgets what it believes about the chain, after a reorganization. */
  reset(): void
  status(): ProofStatus
  /** Resolves when no step runs. */
  idle(): Promise<void>
}

/** One set in one period. `failure` is what would explain a missed period. */
type SetWork = {
  readonly customer: string
  readonly setId: string
  readonly leafCount: number
  proven: boolean
  failure: string
  /** Null while nothing was tried: then only sleep or the chain can be the cause. */
  cause: MissCause | null
  reported: boolean
  /** A drawn piece was lost with its disk: no further try of this period can help. */
  hopeless: boolean
}

type PeriodWork = {
  readonly period: number
  readonly sets: readonly SetWork[]
  readonly lastProvenPeriod: number | null
  /** Whole periods that the set which ends first is still paid for. */
  readonly paidPeriods: number | null
  seed: string | null
}

/** The prover of one node. What fails is tried again at every head until the period ends. */
export function createProver(parts: ProverParts): Prover {
  let work: PeriodWork | null = null
  let lastProvenPeriod: number | null = null
  let running: Promise<void> | null = null
  let began = false

  const advance = async (head: Head): Promise<void> => {
    const period = currentPeriod(head.timestampSeconds, parts.timing)
    if (work?.period !== period) {
      const idle = parts.misses.idleCause(began)
      if (work !== null) noteMissed(parts.misses, work, idle)
      began = true
      work = null
      work = await openPeriod(parts, period, (set) => noteGap(parts.misses, set, period, idle))
      lastProvenPeriod = work.lastProvenPeriod ?? lastProvenPeriod
      parts.context.changed()
    }
    // A proof does not wait for the explanation of an older one.
    await parts.misses
      .settle(head.timestampSeconds)
      .catch((error: unknown) => parts.context.log.debug('Missed periods wait to be told.', { error: String(error) }))
    const current = work
    if (current.sets.every((set) => set.proven)) return
    current.seed ??= await findSeed(parts, current, head)
    if (current.seed === null) return
    await prove(parts, current, current.seed)
    if (current.sets.some((set) => set.proven)) lastProvenPeriod = period
  }
  return {
    step(head) {
      running ??= advance(head)
        .catch((error: unknown) => {
          if (!parts.signal.aborted) parts.context.log.warn('A proving step failed.', { error: String(error) })
        })
        .finally(() => {
          running = null
        })
      return running
    },
    reset() {
      work = null
    },
    status: () => statusOf(work, lastProvenPeriod, parts.timing),
    idle: () => running ?? Promise.resolve(),
  }
}

function statusOf(work: PeriodWork | null, lastProvenPeriod: number | null, timing: Timing): ProofStatus {
  if (work === null) {
    return { dataSets: 0, provenSets: 0, lastProvenPeriod, currentPeriod: null, nextProofAtMs: null, paidUntilMs: null }
  }
  const provenSets = work.sets.filter((set) => set.proven).length
  const due = provenSets < work.sets.length ? work.period : work.period + 1
  return {
    dataSets: work.sets.length,
    provenSets,
    lastProvenPeriod: provenSets > 0 ? work.period : lastProvenPeriod,
    currentPeriod: work.period,
    nextProofAtMs: work.sets.length === 0 ? null : due * timing.provingPeriodSeconds * 1000,
    paidUntilMs:
      work.paidPeriods === null ? null : (work.period + work.paidPeriods) * timing.provingPeriodSeconds * 1000,
  }
}

/** The sets that count in this period; pieces that were added in it count from the next. */
async function openPeriod(parts: ProverParts, period: number, onSet: (set: DataSetView) => void): Promise<PeriodWork> {
  const listed = await listDataSets(parts.chain, { node: parts.node })
  const sets: SetWork[] = []
  for (const set of listed) {
    if (set.ended || set.frozenLeafCount === 0) {
      // Nothing to prove, but records that were cleared or took effect tell of themselves only when they are read.
      await parts.reconcile(set.customer)
      continue
    }
    onSet(set)
    const proven = set.lastProvenPeriod === period
    if (!proven) await parts.reconcile(set.customer)
    sets.push({
      customer: set.customer,
      setId: set.setId,
      leafCount: set.frozenLeafCount,
      proven,
      failure: 'no seed was captured in time',
      cause: null,
      reported: false,
      hopeless: false,
    })
  }
  const newest = Math.max(0, ...listed.map((set) => set.lastProvenPeriod ?? 0))
  const paid = listed.filter((set) => set.state === 'active' && set.pricePerPeriodWei > 0n)
  const paidPeriods = paid.length === 0 ? null : Math.min(...paid.map((set) => set.escrowPeriodsLeft))
  return { period, sets, lastProvenPeriod: newest === 0 ? null : newest, paidPeriods, seed: null }
}

async function findSeed(parts: ProverParts, work: PeriodWork, head: Head): Promise<string | null> {
  const { timing } = parts
  const answer = await obtainSeed({
    chain: parts.chain,
    slot: seedSlotOfPeriod(work.period, timing),
    head,
    patienceMs: Math.min(120, timing.seedGapSeconds / 12) * 1000,
    context: parts.context,
    signal: parts.signal,
  })
  if (answer.kind === 'notYet') return null
  if (answer.capturedAtSeconds <= work.period * timing.provingPeriodSeconds + timing.seedGapSeconds) return answer.seed
  for (const set of work.sets) set.failure = 'its seed came too late, so the period counts for nobody'
  return null
}

async function prove(parts: ProverParts, work: PeriodWork, seed: string): Promise<void> {
  const ready: SetProof[] = []
  for (const set of work.sets) {
    if (set.proven || set.hopeless) continue
    try {
      const { setId, leafCount, customer } = set
      const pieces = parts.store.index.setPieces(customer)
      ready.push({
        customer,
        proofs: await answerChallenges(parts.store, { seed, setId, period: work.period, leafCount, pieces }),
      })
    } catch (error) {
      reportFailure(parts.context, work.period, set, error)
      set.hopeless = error instanceof ProofError && error.code === 'PROOF_PIECE_GONE'
    }
  }
  const outcomes = await submitProofs(parts, work.period, ready)
  if (parts.signal.aborted) return
  for (const set of work.sets) {
    const outcome = outcomes.get(set.customer)
    if (outcome !== undefined) noteOutcome(parts, work.period, set, outcome)
  }
}

function noteOutcome(parts: ProverParts, period: number, set: SetWork, outcome: ProofOutcome): void {
  switch (outcome.kind) {
    case 'accepted': {
      const { transactionHash, blockNumber } = outcome.receipt
      set.proven = true
      parts.store.index.noteProof(set.customer, period, transactionHash, Date.now())
      parts.context.emit({ kind: 'proofAccepted', customer: set.customer, period, transactionHash, blockNumber })
      parts.context.changed()
      return
    }
    case 'alreadyProven':
      set.proven = true
      parts.context.changed()
      return
    case 'failed':
      reportFailure(parts.context, period, set, outcome.message)
  }
}

/** Tells a failure once a period; the same one at every retry would only be noise. */
function reportFailure(context: RoleContext, period: number, set: SetWork, error: unknown): void {
  const message = error instanceof Error ? error.message : String(error)
  set.failure = message
  set.cause = causeOf(error)
  context.log.warn('A proof did not come through; it is tried again.', { customer: set.customer, period, message })
  if (set.reported) return
  set.reported = true
  context.emit({ kind: 'proofFailed', customer: set.customer, period, message: message.slice(0, 300) })
}

/** Sets of a period that is over and was not proven. */
function noteMissed(misses: MissExplainer, work: PeriodWork, idle: MissCause): void {
  for (const { customer, proven, failure, cause } of work.sets) {
    if (proven) misses.told(customer, work.period)
    else misses.ended({ customer, first: work.period, last: work.period, cause: cause ?? idle, message: failure })
  }
}

/** Periods that passed unseen, while this process or the chain was away. */
function noteGap(misses: MissExplainer, set: DataSetView, period: number, cause: MissCause): void {
  const known = Math.max(set.lastProvenPeriod ?? 0, set.firstPeriod - 1, misses.toldUntil(set.customer))
  const gap = { customer: set.customer, first: known + 1, last: period - 1 }
  if (gap.first <= gap.last) misses.ended({ ...gap, cause, message: 'nothing was tried' })
}
