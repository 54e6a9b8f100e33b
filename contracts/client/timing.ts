import type { Result } from 'ethers'
import type { Chain } from './chain.ts'
import { readContract, type ReadOptions } from './read-contract.ts'

/** Times of a deployment in seconds, as its contracts have them; `blockSeconds` is measured over recent blocks. */
export type Timing = {
  readonly blockSeconds: number
  readonly seedSeconds: number
  readonly seedGapSeconds: number
  readonly provingPeriodSeconds: number
  readonly slotsPerPeriod: number
  readonly faultWindowPeriods: number
  readonly deleteDelaySeconds: number
  readonly thawSeconds: number
  readonly unbondingSeconds: number
}

const measuredBlocks = 16

/** Reads what never changes in a deployment; callers keep the answer. */
export async function readTiming(chain: Chain, options: ReadOptions = {}): Promise<Timing> {
  const [storage, slot, thaw, unbonding, blockSeconds] = await Promise.all([
    readContract(chain, 'StorageMarket', 'timing', [], options),
    readContract(chain, 'Seeds', 'slotSeconds', [], options),
    readContract(chain, 'Payments', 'thawSeconds', [], options),
    readContract(chain, 'Registry', 'unbondingSeconds', [], options),
    measureBlockSeconds(chain),
  ])
  const timing = storage[0] as Result
  return {
    blockSeconds,
    seedSeconds: Number(slot[0]),
    seedGapSeconds: Number(timing.seedGapSeconds),
    provingPeriodSeconds: Number(timing.periodSeconds),
    slotsPerPeriod: Number(timing.slotsPerPeriod),
    faultWindowPeriods: Number(timing.faultWindowPeriods),
    deleteDelaySeconds: Number(timing.deleteDelaySeconds),
    thawSeconds: Number(thaw[0]),
    unbondingSeconds: Number(unbonding[0]),
  }
}

async function measureBlockSeconds(chain: Chain): Promise<number> {
  const latest = await chain.provider.getBlock('latest')
  const from = Math.max(1, (latest?.number ?? 1) - measuredBlocks)
  const earlier = await chain.provider.getBlock(from)
  const blocks = (latest?.number ?? from) - from
  if (latest === null || earlier === null || blocks <= 0) return 1
  return (latest.timestamp - earlier.timestamp) / blocks
}

/** Period of the proving clock that a time belongs to (PROTOCOL 5.5). */
export function currentPeriod(timestampSeconds: number, timing: Pick<Timing, 'provingPeriodSeconds'>): number {
  return Math.floor(timestampSeconds / timing.provingPeriodSeconds)
}

/** First seed slot of a period, whose seed draws its challenges. */
export function seedSlotOfPeriod(period: number, timing: Pick<Timing, 'provingPeriodSeconds' | 'seedSeconds'>): number {
  return period * (timing.provingPeriodSeconds / timing.seedSeconds)
}

/** First second of a period. */
export function periodStartSeconds(period: number, timing: Pick<Timing, 'provingPeriodSeconds'>): number {
  return period * timing.provingPeriodSeconds
}
