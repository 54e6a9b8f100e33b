import { dateFormat } from './cached.ts'
import { formatLocale } from './locale.ts'
import { t } from './message.ts'

const secondMs = 1000
const minuteMs = 60 * secondMs
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

/** Within this distance of now a moment is "just now"; smaller steps would only flicker. */
const nowMs = 5 * secondMs

const relative = new Intl.RelativeTimeFormat(formatLocale, { numeric: 'always' })

/** Distance of a moment from now in words, such as "3 minutes ago" or "in 20 seconds". */
export function formatRelative(atMs: number, nowAtMs: number): string {
  const distanceMs = atMs - nowAtMs
  const magnitudeMs = Math.abs(distanceMs)
  if (magnitudeMs < nowMs) return t('time.now')
  const [unit, unitMs] = relativeUnit(magnitudeMs)
  const amount = Math.trunc(distanceMs / unitMs)
  return relative.format(amount, unit)
}

function relativeUnit(magnitudeMs: number): [Intl.RelativeTimeFormatUnit, number] {
  if (magnitudeMs < minuteMs) return ['second', secondMs]
  if (magnitudeMs < hourMs) return ['minute', minuteMs]
  if (magnitudeMs < dayMs) return ['hour', hourMs]
  return ['day', dayMs]
}

/** Clock time, with the date in front when it is not today. */
export function formatMoment(atMs: number, nowAtMs: number): string {
  const sameDay = localDay(atMs) === localDay(nowAtMs)
  const options: Intl.DateTimeFormatOptions = sameDay
    ? { timeStyle: 'short' }
    : { dateStyle: 'medium', timeStyle: 'short' }
  return dateFormat(options).format(atMs)
}

/** Full date and time with seconds, for titles and machine-readable neighbours of a relative time. */
export function formatExact(atMs: number): string {
  return dateFormat({ dateStyle: 'long', timeStyle: 'medium' }).format(atMs)
}

/** A calendar day `YYYY-MM-DD` as, for example, "Mar 4". */
export function formatDay(day: string): string {
  return dateFormat({ month: 'short', day: 'numeric', timeZone: 'UTC' }).format(dayToUtc(day))
}

/** A calendar day `YYYY-MM-DD` with weekday, for tables and for those who listen. */
export function formatLongDay(day: string): string {
  const options: Intl.DateTimeFormatOptions = { weekday: 'long', month: 'long', day: 'numeric', timeZone: 'UTC' }
  return dateFormat(options).format(dayToUtc(day))
}

/** Local calendar day of a moment as `YYYY-MM-DD`. */
export function localDay(atMs: number): string {
  const date = new Date(atMs)
  const part = (value: number): string => value.toString().padStart(2, '0')
  return `${date.getFullYear()}-${part(date.getMonth() + 1)}-${part(date.getDate())}`
}

/** First moment of the next local day, for "until tomorrow". */
export function startOfTomorrow(nowAtMs: number): number {
  const date = new Date(nowAtMs)
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + 1).getTime()
}

function dayToUtc(day: string): number {
  return Date.parse(`${day}T00:00:00Z`)
}
