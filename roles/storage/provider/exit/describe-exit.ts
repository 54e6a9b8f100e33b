import { periodsToLeave, type LeaveStatus, type LeavingSet } from '../../../api/leaving.ts'
import type { HeldSet } from './run-exit.ts'

/** What is shown of an exit, or of what it would mean. Pure. */
export function describeExit(
  held: readonly HeldSet[],
  states: ReadonlyMap<string, LeavingSet['state']>,
  facts: {
    readonly state: LeaveStatus['state']
    readonly unredeemedWei: bigint
    readonly periodSeconds: number
    readonly bytesPerSecond: number | null
    readonly nowMs: number
  },
): LeaveStatus {
  const sets = held.map((one) => describeSet(one, states))
  const sum = (of: (set: LeavingSet) => number): number => sets.reduce((total, set) => total + of(set), 0)
  return {
    state: facts.state,
    sets,
    pieces: sum((set) => set.pieces),
    bytes: sum((set) => set.bytes),
    bytesHandedOver: held.reduce((total, one) => total + handedOverBytes(one), 0),
    unredeemedWei: facts.unredeemedWei.toString(),
    periodSeconds: facts.periodSeconds,
    periods: periodsToLeave(sets),
    bytesPerSecond: facts.bytesPerSecond,
    lookedAtMs: facts.nowMs,
  }
}

function describeSet({ set, pieces, heir }: HeldSet, states: ReadonlyMap<string, LeavingSet['state']>): LeavingSet {
  const left = pieces.filter((piece) => !piece.removed)
  return {
    customer: set.customer,
    pieces: set.state === 'dropping' ? 0 : left.length,
    bytes: set.state === 'dropping' ? 0 : left.reduce((sum, piece) => sum + piece.lengthBytes, 0),
    periodPayWei: (set.frozenPricePerPeriodWei > set.pricePerPeriodWei
      ? set.frozenPricePerPeriodWei
      : set.pricePerPeriodWei
    ).toString(),
    heir,
    state: set.state === 'dropping' ? 'lastPeriod' : (states.get(set.customer) ?? 'held'),
  }
}

/** Pieces that went from a set which has an heir; its customer's own removals among them are few. */
function handedOverBytes({ pieces, heir }: HeldSet): number {
  if (heir === null) return 0
  return pieces.reduce((sum, piece) => sum + (piece.removed ? piece.lengthBytes : 0), 0)
}
