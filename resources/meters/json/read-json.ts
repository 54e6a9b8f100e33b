import { numberToUnits } from '../decimal.ts'
import { isCalendarTime, isoText, pairAt } from '../iso-time.ts'
import type { ReadingFlag } from '../reading.ts'

/** An object as JSON.parse gives it, of which nothing is known yet. */
export type JsonObject = Readonly<Record<string, unknown>>

/** The object that the bytes spell, or null. Never throws. */
export function parseObject(bytes: Uint8Array): JsonObject | null {
  try {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
    return objectOf(JSON.parse(text))
  } catch {
    return null
  }
}

/** The value as an object, or null for anything else. */
export function objectOf(value: unknown): JsonObject | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : null
}

/** The value as a non-empty text of usual length, or null. */
export function textOf(value: unknown): string | null {
  return typeof value === 'string' && value.length > 0 && value.length <= 96 ? value : null
}

/** The value as a number, or null; JSON spells infinity as a number too long (`1e999`), which is none. */
export function numberOf(value: unknown): number | null {
  return isNumber(value) ? value : null
}

function isNumber(value: unknown): value is number {
  return Number.isFinite(value)
}

const mostPhases = 8

/**
 * A number, or the sum of an array of numbers (one each phase or channel), exactly, as whole units of 10^-decimals rounded toward
 * zero. Null for anything else: of a sum with a hole in it nothing is known.
 */
export function sumOf(value: unknown, decimals: number): number | null {
  if (typeof value === 'number') return numberToUnits(value, decimals)
  if (!Array.isArray(value) || value.length === 0 || value.length > mostPhases) return null
  // Summed in finer units than asked for, so that parts of a unit add up before they are cut off.
  const finer = 4
  let sum = 0
  for (const item of value as readonly unknown[]) {
    const units = typeof item === 'number' ? numberToUnits(item, decimals + finer) : null
    if (units === null) return null
    sum += units
  }
  return Number.isSafeInteger(sum) ? Math.trunc(sum / 10 ** finer) + 0 : null
}

/** Numbers of a value that is one or has one for each phase; what is none is left out. */
export function numbersOf(value: unknown): number[] {
  const items: readonly unknown[] = Array.isArray(value) ? value.slice(0, mostPhases) : [value]
  return items.filter(isNumber)
}

const firstMillisecondStamp = 1e11
const lastMillisecondStamp = 253_402_300_799_999

/** An instant from seconds or milliseconds since 1970, or null. */
export function instantOf(value: unknown): string | null {
  if (typeof value !== 'number' || !(value > 0)) return null
  const epochMs = Math.round(value < firstMillisecondStamp ? value * 1_000 : value)
  return epochMs <= lastMillisecondStamp ? isoText(epochMs) : null
}

/**
 * The time that a device tells: an instant where it tells seconds or milliseconds since 1970, or ISO 8601 with a zone; else null, and why as a flag.
 * `epoch` goes before `value` where the device has a key of its own for it.
 */
export function readTime(
  value: unknown,
  epoch?: unknown,
): { readonly deviceTime: string | null; readonly flags: readonly ReadingFlag[] } {
  const instant = instantOf(epoch) ?? instantOf(value)
  if (instant !== null) return { deviceTime: instant, flags: [] }
  const text = textOf(value)
  if (text === null) return { deviceTime: null, flags: [] }
  const time = readIsoTime(text)
  if (time === 'local') return { deviceTime: null, flags: ['localTime'] }
  if (time === 'impossible') return { deviceTime: null, flags: ['clockNotSet'] }
  return { deviceTime: time.instant, flags: [] }
}

/** What a text of ISO 8601 says: an instant when it names its zone, else only that there is a local time. */
export function readIsoTime(text: string): { readonly instant: string } | 'local' | 'impossible' {
  if (!isLocalTime(text)) return 'impossible'
  const rest = text.slice(secondsEnd)
  if (rest === '') return 'local'
  const match = /^(\.\d{1,9})?(Z|[+-]\d\d:?\d\d)?$/.exec(rest)
  if (match === null) return 'impossible'
  const [, fraction = '', zone] = match
  if (zone === undefined) return 'local'
  const epochMs = Date.parse(`${text.slice(0, 10)}T${text.slice(11, secondsEnd)}${fraction}${withColon(zone)}`)
  return epochMs >= 0 ? { instant: isoText(epochMs) } : 'impossible'
}

/** Length of `YYYY-MM-DDThh:mm:ss`. */
const secondsEnd = 19

function isLocalTime(text: string): boolean {
  const marks =
    text[4] === '-' && text[7] === '-' && (text[10] === 'T' || text[10] === ' ') && text[13] === ':' && text[16] === ':'
  const year = pairAt(text, 0) * 100 + pairAt(text, 2)
  const [hour, minute, second] = [pairAt(text, 11), pairAt(text, 14), pairAt(text, 17)]
  return marks && year >= 1_970 && isCalendarTime(year, pairAt(text, 5), pairAt(text, 8), hour, minute, second)
}

function withColon(zone: string): string {
  return zone.length === 5 ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone
}
