import type { Chain } from './chain.ts'
import type { ReadOptions } from './read-contract.ts'
import { readSeed } from './seeds.ts'
import { periodStartSeconds, seedSlotOfPeriod, type Timing } from './timing.ts'

/** What a period without a proof is: nobody's fault, one, or not yet decided (PROTOCOL 5.5). */
export type MissedPeriod = 'void' | 'fault' | 'undecided'

type Times = Pick<Timing, 'provingPeriodSeconds' | 'seedSeconds' | 'seedGapSeconds'>

/**
 * The contract's rule for a period that ended without a proof: void when the seed of its start or of the next period's start was
 * captured too late, undecided while the second may still come in time. Pure; seeds are seconds of capture, null for none.
 */
export function judgeMissedPeriod(
  period: number,
  captured: { readonly own: number | null; readonly next: number | null },
  nowSeconds: number,
  times: Times,
): MissedPeriod {
  const latest = (of: number): number => periodStartSeconds(of, times) + times.seedGapSeconds
  const late = (of: number, atSeconds: number | null): boolean => atSeconds === null || atSeconds > latest(of)
  if (late(period, captured.own)) return 'void'
  if (captured.next === null && nowSeconds <= latest(period + 1)) return 'undecided'
  return late(period + 1, captured.next) ? 'void' : 'fault'
}

/** Reads the two seeds that decide about a missed period, and decides. */
export async function readMissedPeriod(
  chain: Chain,
  period: number,
  nowSeconds: number,
  times: Times,
  options: ReadOptions = {},
): Promise<MissedPeriod> {
  const [own, next] = await Promise.all(
    [period, period + 1].map((one) => readSeed(chain, seedSlotOfPeriod(one, times), options)),
  )
  const captured = { own: own!.capturedAtSeconds, next: next!.capturedAtSeconds }
  return judgeMissedPeriod(period, captured, nowSeconds, times)
}
