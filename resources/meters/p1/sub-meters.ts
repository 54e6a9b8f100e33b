import { isoText } from '../iso-time.ts'
import type { SubMeter } from '../reading.ts'
import type { LineReader } from './line-reader.ts'
import { readTimestamp } from './timestamp.ts'

/** What lines about one M-Bus channel have told so far. */
export type SubMeterDraft = {
  readonly channel: number
  deviceType: number | null
  meterId: string | null
  time: string | null
  value: string
  unit: string
}

const longestId = 96
const longestUnit = 8
const longestValue = 20
const carriageReturn = 0x0d
const lineFeed = 0x0a
const open = 0x28
const close = 0x29

/**
 * Takes a line about an M-Bus channel: type, identity, or the last value with its time. In versions 2.2 and 3 the value stands alone in
 * the line that follows its time and unit.
 */
export function readSubMeterLine(drafts: SubMeterDraft[], reader: LineReader): void {
  const { b, c, d } = reader
  const known = drafts.find(({ channel }) => channel === b)
  const draft = known ?? { channel: b, deviceType: null, meterId: null, time: null, value: '', unit: '' }
  if (known === undefined) drafts.push(draft)
  if (c === 96 && d === 1) draft.meterId = readableText(reader.text(), longestId)
  else if (c === 24 && d === 1) draft.deviceType = smallNumber(reader.text())
  else if (c === 24 && d === 2) takeAmount(draft, reader)
  else if (c === 24 && d === 3) takeAmountOfNextLine(draft, reader)
}

/** Gas, water and heat meters of which a value was told. */
export function finishSubMeters(drafts: readonly SubMeterDraft[], standardMinutes: number): SubMeter[] {
  const finished: SubMeter[] = []
  for (const { channel, deviceType, meterId, time, value, unit } of drafts) {
    if (value !== '') finished.push({ channel, deviceType, meterId, time: timeOf(time, standardMinutes), value, unit })
  }
  return finished
}

function takeAmount(draft: SubMeterDraft, reader: LineReader): void {
  const text = reader.lastText() ?? ''
  const star = text.indexOf('*')
  const value = plainDecimal(text.slice(0, Math.max(star, 0)))
  const unit = readableText(text.slice(star + 1), longestUnit)
  if (value === null || unit === null) return
  const first = reader.text()
  draft.time = first === text ? null : first
  draft.value = value
  draft.unit = unit
}

function takeAmountOfNextLine(draft: SubMeterDraft, reader: LineReader): void {
  const { bytes } = reader
  let at = reader.lineEnd
  while (bytes[at] === carriageReturn || bytes[at] === lineFeed) at++
  const end = bytes.indexOf(close, at)
  const value =
    bytes[at] === open && end > at ? plainDecimal(bytes.toString('latin1', at + 1, Math.min(end, at + 40))) : null
  const unit = readableText(reader.lastText(), longestUnit)
  if (value === null || unit === null) return
  draft.time = reader.text()
  draft.value = value
  draft.unit = unit
}

/** A decimal number without leading zeros, or null for anything else. */
function plainDecimal(text: string): string | null {
  if (text.length > longestValue || text.length === 0) return null
  let pointAt = -1
  for (let at = 0; at < text.length; at++) {
    const character = text.charCodeAt(at)
    if (character === 0x2e && pointAt < 0) pointAt = at
    else if (character < 0x30 || character > 0x39) return null
  }
  const wholeDigits = pointAt < 0 ? text.length : pointAt
  if (wholeDigits === 0 || pointAt === text.length - 1) return null
  let start = 0
  while (start < wholeDigits - 1 && text.charCodeAt(start) === 0x30) start++
  return text.slice(start)
}

/** Text of printable ASCII that is not empty and not too long, or null. */
export function readableText(text: string | null, longest: number): string | null {
  if (text === null || text.length === 0 || text.length > longest) return null
  for (let at = 0; at < text.length; at++) {
    const character = text.charCodeAt(at)
    if (character < 0x20 || character > 0x7e) return null
  }
  return text
}

function smallNumber(text: string | null): number | null {
  return text !== null && text.length > 0 && text.length <= 3 && /^\d+$/.test(text) ? Number(text) : null
}

function timeOf(text: string | null, standardMinutes: number): string | null {
  if (text === null) return null
  const timestamp = readTimestamp(text, standardMinutes)
  return timestamp.kind === 'instant' ? isoText(timestamp.epochMs) : null
}
