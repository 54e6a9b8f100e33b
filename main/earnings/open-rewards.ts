import {
  type Chain,
  chainRoleNames,
  epochEndSeconds,
  epochOf,
  readEpochBurned,
  readEpochLapses,
  type EpochClock,
  type ReadOptions,
} from '../../contracts/client/index.ts'
import { shareGwei, weiPerGwei } from '../../contracts/rewards/index.ts'
import type { RoleName } from '../../roles/api/roles.ts'
import type { OpenWeight } from './book-totals.ts'

/** A share of an epoch's rewards that no later payment has settled, recomputed from the operator's own payments. */
export type OpenReward = {
  readonly role: RoleName
  readonly epoch: number
  readonly wei: bigint
  /** Last second of its epoch. */
  readonly atSeconds: number
  /** The epoch still runs: what it would give if it ended now. It can become more or less. */
  readonly running: boolean
}

/** When the shares of an epoch are due, and since when they count: its last second, whenever they are settled. */
export function dueSecondsOf(epoch: number, clock: EpochClock): number {
  return epochEndSeconds(epoch, clock) - 1
}

/** Fee that everybody burned in an epoch, by role. */
export type EpochTotals = Readonly<Record<RoleName, bigint>>

/**
 * Reads what everybody burned in the open epochs of an operator and computes his shares. `weights` are of all his payments
 * up to the block of `at`, whose time decides which epochs are over.
 */
export async function readOpenRewards(
  chain: Chain,
  clock: EpochClock,
  weights: readonly OpenWeight[],
  at: ReadOptions & { readonly timestampSeconds: number },
): Promise<readonly OpenReward[]> {
  const epochs = [...new Set(weights.map((weight) => weight.epoch))]
  const totals = new Map<number, EpochTotals>()
  await Promise.all(
    epochs.map(async (epoch) => {
      const [burned, lapses] = await Promise.all([readEpochBurned(chain, epoch, at), readEpochLapses(chain, epoch, at)])
      if (!lapses) totals.set(epoch, burned)
    }),
  )
  return openRewards(weights, totals, { clock, timestampSeconds: at.timestampSeconds })
}

/** The pure part of `readOpenRewards`. An epoch without totals gives nothing: nobody was paid in it, or it lapsed. */
export function openRewards(
  weights: readonly OpenWeight[],
  totals: ReadonlyMap<number, EpochTotals>,
  now: { readonly clock: EpochClock; readonly timestampSeconds: number },
): readonly OpenReward[] {
  const current = epochOf(now.timestampSeconds, now.clock)
  return weights.map(({ role, epoch, weightGwei }) => {
    const totalGwei = (totals.get(epoch)?.[role] ?? 0n) / weiPerGwei
    const share =
      totalGwei === 0n ? 0n : shareGwei({ role: chainRoleNames.indexOf(role), epoch, weightGwei, totalGwei })
    const atSeconds = dueSecondsOf(epoch, now.clock)
    return { role, epoch, wei: share * weiPerGwei, atSeconds, running: epoch >= current }
  })
}
