/**
 * Standard time of the countries whose meters speak P1, in minutes east of Greenwich: Central European Time in the Netherlands,
 * Belgium, Luxembourg, Hungary, Austria and Switzerland; Greenwich in Ireland.
 */
export const centralEuropeanMinutes = 60
export const irishMinutes = 0

/** What a P1 timestamp says: an instant, a time without a zone, or nothing that a calendar has. */
export type Timestamp =
  { readonly kind: 'instant'; readonly epochMs: number } | { readonly kind: 'local' } | { readonly kind: 'impossible' }

const pattern = /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)([SW]?)$/
const summerMinutes = 60

/**
 * Reads `YYMMDDhhmmssX` (DSMR P1 companion standard, TST). The letter says whether summer time is in force (S) or not (W) and thus
 * decides the hour that an autumn night has twice. It is believed against the calendar: only the meter knows how its clock is set.
 */
export function readTimestamp(text: string, standardMinutes: number): Timestamp {
  const match = pattern.exec(text)
  if (match === null) return { kind: 'impossible' }
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  const asIfUtc = Date.UTC(2000 + year, month - 1, day, hour, minute, second)
  const back = new Date(asIfUtc)
  // Date.UTC carries over: only a time that reads back the same is one.
  const real =
    back.getUTCMonth() === month - 1 &&
    back.getUTCDate() === day &&
    hour < 24 &&
    minute < 60 &&
    second < 60 &&
    month > 0
  if (!real) return { kind: 'impossible' }
  if (match[7] === '') return { kind: 'local' }
  const offsetMinutes = standardMinutes + (match[7] === 'S' ? summerMinutes : 0)
  return { kind: 'instant', epochMs: asIfUtc - offsetMinutes * 60_000 }
}
