import type { EarningDay } from '../api/channels.ts'
import type { EarningsSummary } from '../api/snapshot.ts'
import { roleNames } from '../../roles/api/roles.ts'
import type { RoleName } from '../../roles/api/roles.ts'
import type { Earning } from '../store/index.ts'

/** What the contract says that an operator has. */
export type OperatorEarnings = {
  readonly earnedWei: bigint
  readonly claimedWei: bigint
  readonly claimableWei: bigint
  readonly movedToStakeWei: bigint
  readonly burnedWei: bigint
}

/** Everything a summary is computed from; `events` must reach exactly to the block at which `contract` was read. */
export type EarningFacts = {
  readonly events: readonly Earning[]
  readonly contract: OperatorEarnings
  readonly accruingWei: bigint
  readonly gasWei: bigint
  readonly asOfBlock: number
}

/**
 * Adds up what was earned. Pure. The books reconcile when three sums agree to the wei: the events with what the contract
 * says was earned, that with its parts, and the burned fees of the events with those of the contract.
 */
export function summarizeEarnings({ events, contract, accruingWei, gasWei, asOfBlock }: EarningFacts): EarningsSummary {
  const earnedWei = sum(events, (event) => event.amountWei)
  const burnedWei = sum(events, (event) => event.burnedWei)
  const parts = contract.claimedWei + contract.claimableWei + contract.movedToStakeWei
  return {
    earnedWei: contract.earnedWei.toString(),
    claimedWei: contract.claimedWei.toString(),
    claimableWei: contract.claimableWei.toString(),
    movedToStakeWei: contract.movedToStakeWei.toString(),
    accruingWei: accruingWei.toString(),
    burnedWei: contract.burnedWei.toString(),
    gasWei: gasWei.toString(),
    byRole: weiByRole(events),
    reconciles: earnedWei === contract.earnedWei && contract.earnedWei === parts && burnedWei === contract.burnedWei,
    asOfBlock,
  }
}

/** Wei per role as decimal text; roles that earned nothing are left out. */
export function weiByRole(events: readonly Earning[]): Partial<Record<RoleName, string>> {
  const totals: Partial<Record<RoleName, string>> = {}
  for (const role of roleNames) {
    const ofRole = events.filter((event) => event.role === role)
    if (ofRole.length > 0) totals[role] = sum(ofRole, (event) => event.amountWei).toString()
  }
  return totals
}

/**
 * Earnings by day, newest first, one row for each of the last `days` days also when nothing was earned. Days are those
 * of the person's calendar; `localDay` names the day of a time (epoch milliseconds).
 */
export function earningsByDay(
  events: readonly Earning[],
  o: { days: readonly string[]; localDay: (epochMs: number) => string },
): EarningDay[] {
  const byDay = new Map<string, Earning[]>(o.days.map((day) => [day, []]))
  for (const event of events) byDay.get(o.localDay(event.atSeconds * 1000))?.push(event)
  return [...byDay].map(([day, ofDay]) => ({
    day,
    earnedWei: sum(ofDay, (event) => event.amountWei).toString(),
    proofs: ofDay.filter((event) => event.kind === 'storageProof').length,
    byRole: weiByRole(ofDay),
  }))
}

function sum(events: readonly Earning[], amount: (event: Earning) => bigint): bigint {
  return events.reduce((total, event) => total + amount(event), 0n)
}
