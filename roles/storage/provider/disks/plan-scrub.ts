import type { DiskScrub } from '../../../api/disks.ts'
import type { ScrubState } from '../piece-index.ts'

const dayMs = 24 * 3600 * 1000

/** QUALITY R4: everything is read again within this time. */
export const scrubWithinMs = 30 * dayMs
/** A piece is due this long after it was last read; a day and half of the rest are left to come to it. */
export const dueAfterMs = 14 * dayMs
/** In so much time everything that can be due at once is read. With `dueAfterMs` a day is left, for the day that has begun. */
const windowMs = 15 * dayMs
/** A computer that is on for fewer hours a day cannot be promised anything. */
export const leastHoursPerDay = 4
/** Faster than this a scrub would be noticed. */
export const mostBytesPerSecond = 32 * 1024 * 1024
/** Slower than this is not worth the waking. */
const leastBytesPerSecond = 512 * 1024
/** What reading itself and its pauses lose. */
const margin = 1.15

/** What the pace of one disk depends on. */
export type ScrubFacts = ScrubState & {
  /** Bytes that were last read over `dueAfterMs` ago. */
  readonly dueBytes: number
  readonly nowMs: number
}

/**
 * Bytes a second at which due pieces are read, oldest first; 0 when nothing is due. Enough for the whole disk in the
 * window at `leastHoursPerDay`, and for what is due before the oldest of it is 30 days old, rounded up.
 */
export function scrubBytesPerSecondRoundedUp(facts: ScrubFacts): number {
  if (facts.dueBytes === 0 || facts.oldestAtMs === null) return 0
  const leftMs = facts.oldestAtMs + scrubWithinMs - dayMs - facts.nowMs
  const urgent = leftMs <= 0 ? mostBytesPerSecond : rate(facts.dueBytes, leftMs)
  const wanted = Math.max(leastBytesPerSecond, rate(facts.totalBytes, windowMs), urgent)
  return Math.min(mostBytesPerSecond, Math.ceil(wanted))
}

/** What a person is told of the scrub of a disk. */
export function describeScrub(facts: ScrubFacts): DiskScrub {
  const { totalBytes, readBytes, oldestAtMs, nowMs } = facts
  const share = totalBytes === 0 ? 1 : readBytes / totalBytes
  const tooLarge = rate(totalBytes, windowMs) > mostBytesPerSecond
  const tooOld = oldestAtMs !== null && oldestAtMs + scrubWithinMs < nowMs
  const late = tooLarge ? 'diskTooLarge' : tooOld ? 'offTooLong' : null
  const since = share < 1 ? facts.beganAtMs : oldestAtMs
  return {
    share,
    readAgainByMs: late !== null || since === null ? null : since + scrubWithinMs,
    bytesPerSecond: scrubBytesPerSecondRoundedUp(facts),
    late,
  }
}

/** A round is over when everything was read since it began; the next begins with the first piece that is due. */
export function isRoundOver(facts: ScrubFacts): boolean {
  return facts.dueBytes > 0 && facts.readBytes === facts.totalBytes
}

/** Bytes a second that read so much within a time of which `leastHoursPerDay` of each day can be used. */
function rate(bytes: number, withinMs: number): number {
  return (bytes * margin * 1000) / (withinMs * (leastHoursPerDay / 24))
}
