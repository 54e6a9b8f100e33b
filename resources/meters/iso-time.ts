const msPerDay = 86_400_000
const twoDigits = Array.from({ length: 60 }, (_, value) => String(value).padStart(2, '0'))

/** Date texts of days asked for lately, by the last bits of the day's number: a telegram tells today and perhaps yesterday. */
const keptDays = 8
const days = new Float64Array(keptDays).fill(NaN)
const dates: string[] = Array.from({ length: keptDays }, () => '')

/** `Date.toISOString` at a third of its cost, which is a tenth of that of decoding a telegram. Throws a RangeError as that does. */
export function isoText(epochMs: number): string {
  const day = Math.floor(epochMs / msPerDay)
  const place = day & (keptDays - 1)
  if (days[place] !== day) {
    dates[place] = new Date(epochMs).toISOString().slice(0, -13)
    days[place] = day
  }
  const ofDay = epochMs - day * msPerDay
  const seconds = Math.floor(ofDay / 1_000)
  const minutes = Math.floor(seconds / 60)
  const milliseconds = ofDay - seconds * 1_000
  const fraction = milliseconds === 0 ? '000' : String(milliseconds).padStart(3, '0')
  return `${dates[place]!}${twoDigits[Math.floor(minutes / 60)]!}:${twoDigits[minutes % 60]!}:${twoDigits[seconds % 60]!}.${fraction}Z`
}

/** Two digits of a text as a number; not-a-number for anything else. */
export function pairAt(text: string, at: number): number {
  const [tens, ones] = [text.charCodeAt(at) - 0x30, text.charCodeAt(at + 1) - 0x30]
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : NaN
}

/** True for a time that the calendar and the clock have. Leap seconds are none: no meter tells one. */
export function isCalendarTime(
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
): boolean {
  return month >= 1 && month <= 12 && day >= 1 && day <= daysOf(year, month) && hour < 24 && minute < 60 && second < 60
}

function daysOf(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}
