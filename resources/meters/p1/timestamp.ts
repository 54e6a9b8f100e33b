import { isCalendarTime, pairAt } from '../iso-time.ts'

/**
 * Standard time of the countries whose meters speak P1, in minutes east of Greenwich: Central European Time in the Netherlands,
 * Belgium, Luxembourg, Hungary, Austria and Switzerland; Greenwich in Ireland.
 */
export const centralEuropeanMinutes = 60
export const irishMinutes = 0

/** What a P1 timestamp says: an instant, a time without a zone, or nothing that a calendar has. */
export type Timestamp =
  { readonly kind: 'instant'; readonly epochMs: number } | { readonly kind: 'local' } | { readonly kind: 'impossible' }

const summerMinutes = 60
const digits = 12
const [letterS, letterW] = [0x53, 0x57]

/**
 * Reads `YYMMDDhhmmssX` (DSMR P1 companion standard, TST). The letter says whether summer time is in force (S) or not (W) and thus
 * decides the hour that an autumn night has twice. It is believed against the calendar: only the meter knows how its clock is set.
 */
export function readTimestamp(text: string, standardMinutes: number): Timestamp {
  const letter = text.length === digits ? 0 : text.charCodeAt(digits)
  if (text.length > digits + 1 || (letter !== 0 && letter !== letterS && letter !== letterW)) return impossible
  const [year, month, day] = [2_000 + pairAt(text, 0), pairAt(text, 2), pairAt(text, 4)]
  const [hour, minute, second] = [pairAt(text, 6), pairAt(text, 8), pairAt(text, 10)]
  if (!(year >= 2_000 && isCalendarTime(year, month, day, hour, minute, second))) return impossible
  if (letter === 0) return { kind: 'local' }
  const offsetMinutes = standardMinutes + (letter === letterS ? summerMinutes : 0)
  return { kind: 'instant', epochMs: Date.UTC(year, month - 1, day, hour, minute - offsetMinutes, second) }
}

const impossible: Timestamp = { kind: 'impossible' }
