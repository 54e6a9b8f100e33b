import { HearthError } from '../../../roles/api/errors.ts'

/** Text as a single printable line: what others wrote (peers, files) must not move the cursor or fake a second line. */
export function oneLine(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/ {2,}/g, ' ')
    .trim()
}

/** An error as one line: what happened and what to do. */
export function errorLine(error: unknown): string {
  if (error instanceof HearthError) return oneLine(`hearth: ${error.message}${error.action === null ? '' : ` ${error.action}`}`)
  return oneLine(`hearth: ${error instanceof Error ? error.message : String(error)}`)
}
