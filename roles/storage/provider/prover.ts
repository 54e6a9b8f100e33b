import {
  currentPeriod,
  encodeProvePossession,
  listDataSets,
  seedSlotOfPeriod,
  type Chain,
  type DataSetView,
} from '../../../contracts/client/index.ts'
import type { RoleContext } from '../../api/worker.ts'
import { answerChallenges } from './answer-challenges.ts'
import { obtainSeed } from './obtain-seed.ts'
import type { PieceStore } from './piece-store.ts'
import type { Timing } from './timing.ts'
import type { Head } from './watch-chain.ts'

export type ProverParts = {
  readonly chain: Chain
  readonly node: string
  readonly timing: Timing
  readonly store: PieceStore
  readonly context: RoleContext
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
  /** Epoch milliseconds when the next proof is due to begin; null without anything to prove. */
  readonly nextProofAtMs: number | null
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

type PeriodWork = {
  readonly period: number
  readonly sets: Map<string, { readonly set: DataSetView; proven: boolean; failure: string; reported: boolean }>
  seed: string | null
}

/** Pieces of work are retried at every head until the period ends; the contract refuses a second proof by itself. */
export function createProver(parts: ProverParts): Prover {
  let work: PeriodWork | null = null
  let lastProvenPeriod: number | null = null
  let running: Promise<void> | null = null

  const advance = async (head: Head): Promise<void> => {
    const period = currentPeriod(head.timestampSeconds, parts.timing)
    if (work === null || work.period !== period) {
      explainMissed(work, parts)
      work = await openPeriod(parts, period)
      for (const { set } of work.sets.values()) {
        if (set.lastProvenPeriod !== null) lastProvenPeriod = Math.max(lastProvenPeriod ?? 0, set.lastProvenPeriod)
      }
      parts.context.changed()
    }
    const open = [...work.sets.values()].filter((entry) => !entry.proven)
    if (open.length === 0) return
    work.seed ??= await findSeed(parts, work, head)
    if (work.seed === null) return
    for (const entry of open) {
      if (parts.signal.aborted) return
      entry.proven = await proveSet(parts, work, work.seed, entry)
      if (entry.proven) lastProvenPeriod = period
    }
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
    return { dataSets: 0, provenSets: 0, lastProvenPeriod, currentPeriod: null, nextProofAtMs: null }
  }
  const entries = [...work.sets.values()]
  const proven = entries.filter((entry) => entry.proven).length
  const due = proven < entries.length ? work.period : work.period + 1
  return {
    dataSets: entries.length,
    provenSets: proven,
    lastProvenPeriod,
    currentPeriod: work.period,
    nextProofAtMs: entries.length === 0 ? null : due * timing.provingPeriodSeconds * 1000,
  }
}

/** Sets that count in this period; one whose first period is the next shows up when that begins. */
async function openPeriod(parts: ProverParts, period: number): Promise<PeriodWork> {
  const sets: PeriodWork['sets'] = new Map()
  for (const set of await listDataSets(parts.chain, { node: parts.node })) {
    if (set.ended || set.frozenLeafCount === 0) continue
    const proven = set.lastProvenPeriod === period
    sets.set(set.customer, { set, proven, failure: 'no seed was captured in time', reported: false })
    if (!proven) await parts.reconcile(set.customer)
  }
  return { period, sets, seed: null }
}

async function findSeed(parts: ProverParts, work: PeriodWork, head: Head): Promise<string | null> {
  const { timing } = parts
  const answer = await obtainSeed({
    chain: parts.chain,
    slot: seedSlotOfPeriod(work.period, timing),
    head,
    patienceMs: Math.min(120, timing.seedGapSeconds / 6) * 1000,
    context: parts.context,
    signal: parts.signal,
  })
  if (answer.kind === 'notYet') return null
  if (answer.capturedAtSeconds <= work.period * timing.provingPeriodSeconds + timing.seedGapSeconds) return answer.seed
  for (const entry of work.sets.values()) entry.failure = 'the seed came too late, so the period counts for nobody'
  return null
}

/** True when the contract has a proof of this period, ours or one that somebody submitted for us. */
async function proveSet(
  parts: ProverParts,
  work: PeriodWork,
  seed: string,
  entry: PeriodWork['sets'] extends Map<string, infer Entry> ? Entry : never,
): Promise<boolean> {
  const { set } = entry
  const { context, store } = parts
  try {
    const proofs = await answerChallenges(store, {
      seed,
      setId: set.setId,
      period: work.period,
      leafCount: set.frozenLeafCount,
      pieces: store.index.setPieces(set.customer),
    })
    const call = encodeProvePossession(parts.chain.network, {
      customer: set.customer,
      node: parts.node,
      period: work.period,
      proofs,
    })
    const receipt = await context.submit(
      { purpose: 'storageProof', to: call.to, data: call.data },
      { signal: parts.signal },
    )
    store.index.noteProof(set.customer, work.period, receipt.transactionHash, Date.now())
    context.emit({ kind: 'proofAccepted', customer: set.customer, period: work.period, ...receiptFields(receipt) })
    context.changed()
    return true
  } catch (error) {
    if (parts.signal.aborted) return false
    if (isAlreadyProven(error)) return true
    entry.failure = error instanceof Error ? error.message : String(error)
    context.log.warn('A proof was not accepted; it is tried again.', { customer: set.customer, error: entry.failure })
    if (!entry.reported) {
      context.emit({
        kind: 'proofFailed',
        customer: set.customer,
        period: work.period,
        message: entry.failure.slice(0, 300),
      })
    }
    entry.reported = true
    return false
  }
}

function receiptFields(receipt: { transactionHash: string; blockNumber: number }) {
  return { transactionHash: receipt.transactionHash, blockNumber: receipt.blockNumber }
}

function isAlreadyProven(error: unknown): boolean {
  return error instanceof Error && /AlreadyProven/.test(error.message)
}

/** A period that ended without a proof is told with its reason, once. */
function explainMissed(work: PeriodWork | null, parts: ProverParts): void {
  for (const { set, proven, failure } of work?.sets.values() ?? []) {
    if (proven || work === null) continue
    const message = `Period ${work.period} ended without a proof: ${failure}.`
    parts.context.emit({
      kind: 'proofFailed',
      customer: set.customer,
      period: work.period,
      message: message.slice(0, 300),
    })
  }
}
