import { HearthError } from '../api/errors.ts'

/** Longest text that one log value may carry over the port. */
const longestTextCharacters = 2000

/**
 * Turns log details into what survives a process border: errors become code and message, bigints text, bytes their
 * length. Never throws, so that logging cannot break what is logged.
 */
export function portableDetails(
  details: Readonly<Record<string, unknown>> | undefined,
): Record<string, unknown> | undefined {
  if (details === undefined) return undefined
  return Object.fromEntries(Object.entries(details).map(([key, value]) => [key, portable(value, 0)]))
}

function portable(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return value.slice(0, longestTextCharacters)
  if (typeof value === 'number' || typeof value === 'boolean' || value === null || value === undefined) return value
  if (typeof value === 'bigint') return value.toString()
  if (value instanceof HearthError) return { code: value.code, message: value.message }
  if (value instanceof Error) return { message: value.message }
  if (value instanceof Uint8Array) return `${value.length} bytes`
  if (depth >= 3 || typeof value !== 'object') return String(value).slice(0, longestTextCharacters)
  if (Array.isArray(value)) return value.slice(0, 50).map((item) => portable(item, depth + 1))
  return Object.fromEntries(
    Object.entries(value)
      .slice(0, 50)
      .map(([key, item]) => [key, portable(item, depth + 1)]),
  )
}
