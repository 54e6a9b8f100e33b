import { ceilingGwei, mintGwei, shareGwei, weiPerGwei } from './emission.ts'
import { type Payment, weighPayments } from './weigh-payments.ts'

/** One operator's share of an epoch in a role, in wei. */
export type EpochShare = {
  readonly operator: string
  readonly role: number
  readonly weightWei: bigint
  readonly shareWei: bigint
}

/** An epoch as its payments make it. Lists by role have one entry for each of the five. */
export type RecomputedEpoch = {
  readonly burnedWei: readonly bigint[]
  /** What is minted for the role when the epoch is closed: all shares, and their dust. */
  readonly mintedWei: readonly bigint[]
  /** What rounding the shares down leaves of it: under a gwei for each operator, nothing where there is one. */
  readonly dustWei: readonly bigint[]
  /** What the schedule allowed and nobody gets. */
  readonly lapsedWei: readonly bigint[]
  readonly shares: readonly EpochShare[]
}

const roles = [0, 1, 2, 3, 4] as const

/**
 * Recomputes every share of an epoch from payments, to the wei (PROTOCOL 2.5). Pure. `payments` are all of the deployment
 * up to the epoch's end, in chain order; later ones change nothing.
 */
export function recomputeEpoch(payments: Iterable<Payment>, epoch: number): RecomputedEpoch {
  const weights = weighPayments(payments).filter((weight) => weight.epoch === epoch)
  const totals = roles.map((role) => sum(weights.filter((one) => one.role === role).map((one) => one.weightGwei)))
  const shares = weights.map(({ operator, role, weightGwei }) => ({
    operator,
    role,
    weightWei: weightGwei * weiPerGwei,
    shareWei: shareGwei({ role, epoch, weightGwei, totalGwei: totals[role]! }) * weiPerGwei,
  }))
  const minted = roles.map((role) => mintGwei({ role, epoch, totalGwei: totals[role]! }) * weiPerGwei)
  const shared = roles.map((role) => sum(shares.filter((one) => one.role === role).map((one) => one.shareWei)))
  return {
    burnedWei: totals.map((total) => total * weiPerGwei),
    mintedWei: minted,
    dustWei: roles.map((role) => minted[role]! - shared[role]!),
    lapsedWei: roles.map((role) => ceilingGwei(role, epoch) * weiPerGwei - minted[role]!),
    shares,
  }
}

function sum(values: readonly bigint[]): bigint {
  return values.reduce((total, value) => total + value, 0n)
}
