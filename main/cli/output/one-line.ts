import { serializeError } from '../../../roles/api/errors.ts'

/** Text as a single printable line: what others wrote (peers, files) must not move the cursor or fake a second line. */
export function oneLine(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/ {2,}/g, ' ')
    .trim()
}

/** An error as one line: what happened and what to do. */
export function errorLine(error: unknown): string {
  const { message, action } = serializeError(error)
  return oneLine(`hearth: ${message}${action === null ? '' : ` ${action}`}`)
}
