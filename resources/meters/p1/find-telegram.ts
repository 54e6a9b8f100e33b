const slash = 0x2f
const exclamation = 0x21
const lineFeed = 0x0a
const carriageReturn = 0x0d
const startOfText = 0x02

/** Where a telegram lies in a run of bytes: from its "/" to its "!". */
export type TelegramSpan = {
  readonly start: number
  /** Index of the "!". */
  readonly end: number
}

/** What is found of a telegram: all of it, its beginning only, or nothing. */
export type Found = TelegramSpan | 'half' | 'none'

/**
 * Finds the first whole telegram. A recording may begin in the middle of one, a meter may break off and begin anew: the telegram
 * begins at the last "/" before its "!" that begins a line or a meter's name.
 */
export function findTelegram(bytes: Uint8Array, from = 0): Found {
  const first = bytes.indexOf(slash, from)
  if (first < 0) return 'none'
  const end = nextLineStartingWith(bytes, exclamation, first)
  if (end < 0) return 'half'
  let start = bytes.lastIndexOf(slash, end)
  while (start > first && !beginsLine(bytes, start) && !isName(bytes, start))
    start = bytes.lastIndexOf(slash, start - 1)
  return { start: Math.max(start, first), end }
}

/** A name in the middle of a line ("/ISk5"): the meter broke off there and began anew. */
function isName(bytes: Uint8Array, at: number): boolean {
  for (let index = at + 1; index <= at + 3; index++) if (!isLetter(bytes[index]!)) return false
  const speed = bytes[at + 4]!
  return speed >= 0x30 && speed <= 0x39
}

function isLetter(byte: number): boolean {
  return (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a
}

function nextLineStartingWith(bytes: Uint8Array, byte: number, from: number): number {
  let at = bytes.indexOf(byte, from)
  while (at >= 0 && !beginsLine(bytes, at)) at = bytes.indexOf(byte, at + 1)
  return at
}

function beginsLine(bytes: Uint8Array, at: number): boolean {
  return at === 0 || bytes[at - 1] === lineFeed || bytes[at - 1] === carriageReturn
}

/**
 * Index behind the last byte that belongs to a telegram that may still be arriving: its checksum line and, where the lines are framed
 * in STX and ETX, the block character. Null while that is not here yet.
 */
export function endOfTelegram(bytes: Uint8Array, { start, end }: TelegramSpan): number | null {
  const lineEnd = bytes.indexOf(lineFeed, end)
  if (lineEnd < 0) return null
  const framed = bytes.indexOf(startOfText, start)
  if (framed < 0 || framed > end || !beginsLine(bytes, framed)) return lineEnd + 1
  return lineEnd + 2 < bytes.length ? lineEnd + 3 : null
}
