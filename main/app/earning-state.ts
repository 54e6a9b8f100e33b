import type { Allowance } from '../../roles/api/allowance.ts'
import type { RoleStatus } from '../../roles/api/messages.ts'
import type { EarningState, ProcessState } from '../api/snapshot.ts'

/** Earning is judged over this many proving periods: one may be missed without a light changing colour. */
const recentPeriods = 2.5

/** What the state is judged from. Times in epoch milliseconds. */
export type EarningFactsOfRole = {
  readonly nowMs: number
  readonly wanted: boolean
  readonly process: ProcessState
  readonly status: RoleStatus | null
  readonly allowance: Allowance
  readonly boundOnChain: boolean | null
  readonly chainReachable: boolean
  readonly gasLow: boolean | null
  /** The last payment that the chain recorded, also from before this start; null = none known. */
  readonly lastPaidAtMs: number | null
  readonly provingPeriodMs: number
}

/**
 * Whether a role earns, apart from whether it runs, and the plainest reason when it does not. Pure. The order of the
 * reasons is that of cause and effect: what must be true first is named first.
 */
export function judgeEarning(facts: EarningFactsOfRole): EarningState {
  const lastAcceptedWorkAtMs = latest(facts.status?.lastAcceptedWorkAtMs ?? null, facts.lastPaidAtMs)
  const running = facts.process.kind === 'running'
  const recent =
    lastAcceptedWorkAtMs !== null && facts.nowMs - lastAcceptedWorkAtMs <= recentPeriods * facts.provingPeriodMs
  if (running && recent) return { earning: true, lastAcceptedWorkAtMs, reason: 'earning' }
  return { earning: false, lastAcceptedWorkAtMs, reason: reasonAgainst(facts, lastAcceptedWorkAtMs) }
}

function reasonAgainst(facts: EarningFactsOfRole, lastAcceptedWorkAtMs: number | null): EarningState['reason'] {
  const { process, status } = facts
  if (!facts.wanted) return 'notRunning'
  if (!facts.chainReachable) return 'chainUnreachable'
  if (facts.boundOnChain === false) return 'waitingForConsentOnChain'
  if (process.kind === 'starting') return 'starting'
  if (process.kind !== 'running' || status === null) return process.kind === 'stopped' ? 'starting' : 'notRunning'
  if (facts.gasLow === true) return 'gasLow'
  if (status.problems.length > 0) return 'problem'
  if (facts.allowance.work === 'paused') return 'paused'
  if (status.render?.state === 'starting' || status.render?.state === 'benchmarking') return 'starting'
  const held = (status.storage?.pieces ?? 0) + (status.storage?.dataSets ?? 0)
  if (held > 0) return lastAcceptedWorkAtMs === null ? 'waitingForFirstProof' : 'noRecentWork'
  if (status.peers === 0) return 'noPeers'
  return lastAcceptedWorkAtMs === null ? 'waitingForFirstCustomer' : 'noRecentWork'
}

function latest(left: number | null, right: number | null): number | null {
  if (left === null) return right
  return right === null ? left : Math.max(left, right)
}
