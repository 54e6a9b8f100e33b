import type { MeterReading } from '../reading.ts'
import type { FindingCode } from './findings.ts'

/** What a register counted between two readings, or why nobody can say. */
export type Difference =
  { readonly wattHours: number } | { readonly problem: Extract<FindingCode, 'counterFell' | 'counterReset'> }

/** A register that comes back below this part of what it was has begun anew. */
const resetShare = 0.1
/** A register that wraps was in its last quarter before and is in its first after. */
const wrapShare = 0.25

/**
 * The difference of one register between two readings; across its end where the device says that its registers wrap. Null when one of
 * the readings does not tell it.
 */
export function energyBetween(
  before: MeterReading,
  after: MeterReading,
  register: 'importWh' | 'exportWh',
): Difference | null {
  const [from, to] = [before[register], after[register]]
  if (from === null || to === null) return null
  if (to >= from) return { wattHours: to - from }
  const wrap = after.wrapsAtWh
  if (wrap !== null && from > wrap * (1 - wrapShare) && to < wrap * wrapShare) return { wattHours: to + wrap - from }
  return { problem: to <= from * resetShare ? 'counterReset' : 'counterFell' }
}
