import { UsageError } from '../verbs/usage-error.ts'

const units: Readonly<Record<string, number>> = {
  '': 1,
  B: 1,
  K: 1024,
  M: 1024 ** 2,
  G: 1024 ** 3,
  T: 1024 ** 4,
}

/** Reads `500GiB`, `1.5T`, `1048576`: binary units, upper or lower case. Throws UsageError for anything else. */
export function parseSize(text: string, option: string): number {
  const match = /^(\d{1,15}(?:\.\d{1,6})?)\s*([kmgtb]?)(?:i?b)?$/i.exec(text.trim())
  const unit = units[(match?.[2] ?? '').toUpperCase()]
  const bytes = match === null || unit === undefined ? Number.NaN : Math.floor(Number(match[1]) * unit)
  if (!Number.isSafeInteger(bytes) || bytes <= 0) {
    throw new UsageError(`${option} takes a size such as 500GiB, not "${text}".`)
  }
  return bytes
}

/** Reads a whole number in a range. Throws UsageError for anything else. */
export function parseWholeNumber(text: string, option: string, range: { min: number; max: number }): number {
  const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN
  if (value >= range.min && value <= range.max) return value
  throw new UsageError(`${option} takes a whole number from ${range.min} to ${range.max}, not "${text}".`)
}
