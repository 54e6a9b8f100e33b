import type { Allowance } from '../../api/allowance.ts'

/** What decides whether another piece fits. Bytes. */
export type CapacityFacts = {
  readonly allowance: Allowance
  /** Bytes of pieces on disk. */
  readonly usedBytes: number
  /** Bytes promised to uploads that run. */
  readonly reservedBytes: number
  /** Free bytes of the file system, null when it cannot be asked. */
  readonly freeBytes: number | null
}

/** Bytes that may still be taken: what both the limit and the reserve of free space leave. Never negative. */
export function roomBytes(facts: CapacityFacts): number {
  if (facts.freeBytes === null) return 0
  const { diskLimitBytes, diskReserveBytes } = facts.allowance
  const byReserve = facts.freeBytes - facts.reservedBytes - (diskReserveBytes ?? 0)
  const byLimit = diskLimitBytes === null ? byReserve : diskLimitBytes - facts.usedBytes - facts.reservedBytes
  return Math.max(0, Math.floor(Math.min(byReserve, byLimit)))
}

/** All that the provider offers, taken or not. */
export function offeredBytes(facts: CapacityFacts): number {
  return facts.usedBytes + facts.reservedBytes + roomBytes(facts)
}
