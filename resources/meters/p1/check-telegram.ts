import type { RefusalCode } from '../refusal.ts'
import { crc16 } from './crc16.ts'
import type { TelegramSpan } from './find-telegram.ts'

const lineFeed = 0x0a
const carriageReturn = 0x0d
const space = 0x20
const startOfText = 0x02
const endOfText = 0x03

/** What the bytes say for themselves: a checksum that fits, none at all, or a reason to refuse them. */
export type Checked = 'matches' | 'none' | Extract<RefusalCode, 'checksumWrong' | 'lineEndsChanged'>

/**
 * Compares the checksum that follows the "!". P1 (versions 4 and later) writes the CRC16 of everything from "/" to "!" as four
 * hexadecimal digits; some meters leave leading zeros out. IEC 62056-21 may frame the data in STX and ETX and add one byte that is
 * the exclusive or of what lies between.
 */
export function checkTelegram(bytes: Uint8Array, { start, end }: TelegramSpan): Checked {
  const told = readHex(bytes, end + 1)
  if (told === 'none') return checkBlock(bytes, { start, end })
  if (told === 'unreadable') return 'checksumWrong'
  if (crc16(bytes, start, end + 1) === told) return 'matches'
  return crcWithLineEnds(bytes, { start, end }) === told ? 'lineEndsChanged' : 'checksumWrong'
}

/** The rest of the "!" line as one to four hexadecimal digits. */
function readHex(bytes: Uint8Array, from: number): number | 'none' | 'unreadable' {
  let value = 0
  let digits = 0
  let at = from
  for (; at < bytes.length && bytes[at] !== lineFeed && bytes[at] !== carriageReturn; at++) {
    if (bytes[at] === space) continue
    const digit = hexDigit(bytes[at]!)
    if (digit < 0 || digits === 4) return 'unreadable'
    value = value * 16 + digit
    digits++
  }
  return digits === 0 ? 'none' : value
}

function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30
  const letter = byte | 0x20
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1
}

/** Only to tell a person the cause: the checksum as it was before an editor or a copy turned CR LF into LF. */
function crcWithLineEnds(bytes: Uint8Array, { start, end }: TelegramSpan): number {
  const lines = Buffer.from(bytes.subarray(start, end + 1))
    .toString('latin1')
    .replace(/\r?\n/g, '\r\n')
  const original = Buffer.from(lines, 'latin1')
  return crc16(original, 0, original.length)
}

function checkBlock(bytes: Uint8Array, { start, end }: TelegramSpan): Checked {
  let at = end + 1
  while (bytes[at] === carriageReturn || bytes[at] === lineFeed) at++
  if (bytes[at] !== endOfText || at + 1 >= bytes.length) return 'none'
  const begin = bytes.indexOf(startOfText, start)
  if (begin < 0 || begin > end || bytes[begin - 1] !== lineFeed) return 'none'
  let sum = 0
  for (let index = begin + 1; index <= at; index++) sum ^= bytes[index]!
  return (sum & 0x7f) === (bytes[at + 1]! & 0x7f) ? 'matches' : 'checksumWrong'
}
