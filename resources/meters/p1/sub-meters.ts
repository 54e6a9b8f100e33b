import type { SubMeter } from '../reading.ts'
import { latin } from './line-reader.ts'
import { readTimestamp } from './timestamp.ts'

const line = /^0-(\d{1,2}):(24|96)\.(\d{1,2})\.(\d{1,3})((?:\([^()]*\))*)/
const group = /\(([^()]*)\)/g
const amount = /^(\d{1,12}(?:\.\d{1,6})?)\*([A-Za-z0-9]{1,8})$/
const bareAmount = /^\d{1,12}(?:\.\d{1,6})?$/
const unitName = /^[A-Za-z0-9]{1,8}$/
const readableId = /^[\x20-\x7e]{1,96}$/

type Draft = { deviceType: number | null; meterId: string | null; time: string | null; value: string; unit: string }

/**
 * Gas, water and heat meters that the telegram passes on. `lines` are pairs of where lines about M-Bus channels begin and end. In
 * versions 2.2 and 3 the value stands alone in the line that follows its time and unit.
 */
export function readSubMeters(bytes: Uint8Array, lines: readonly number[], standardMinutes: number): SubMeter[] {
  const drafts = new Map<number, Draft>()
  for (let index = 0; index < lines.length; index += 2) {
    const match = line.exec(latin(bytes, lines[index]!, lines[index + 1]!))
    if (match === null) continue
    const channel = Number(match[1])
    if (channel === 0) continue
    const draft = drafts.get(channel) ?? { deviceType: null, meterId: null, time: null, value: '', unit: '' }
    drafts.set(channel, draft)
    const values = [...match[5]!.matchAll(group)].map(([, value = '']) => value)
    take(draft, `${match[2]}.${match[3]}`, values, () => valueOfNextLine(bytes, lines[index + 1]!))
  }
  return [...drafts]
    .filter(([, draft]) => draft.value !== '')
    .map(([channel, { time, value, ...rest }]) => ({
      channel,
      ...rest,
      time: timeOf(time, standardMinutes),
      value: value.replace(/^0+(?=\d)/, ''),
    }))
}

function take(draft: Draft, code: string, values: readonly string[], nextLine: () => string | null): void {
  const [first = ''] = values
  switch (code) {
    case '24.1':
      draft.deviceType = /^\d{1,3}$/.test(first) ? Number(first) : null
      return
    case '96.1':
      draft.meterId = readableId.test(first) ? first : null
      return
    case '24.2': {
      const match = amount.exec(values.at(-1) ?? '')
      if (match === null) return
      draft.time = values.length > 1 ? first : null
      ;[draft.value, draft.unit] = [match[1]!, match[2]!]
      return
    }
    case '24.3': {
      const value = nextLine()
      const unit = values.at(-1) ?? ''
      if (value === null || !unitName.test(unit)) return
      ;[draft.time, draft.value, draft.unit] = [first, value, unit]
      return
    }
    default:
  }
}

function valueOfNextLine(bytes: Uint8Array, lineEnd: number): string | null {
  const text = latin(bytes, lineEnd, Math.min(lineEnd + 32, bytes.length))
  const value = /^\r?\n\(([^()]*)\)/.exec(text)?.[1] ?? ''
  return bareAmount.test(value) ? value : null
}

function timeOf(text: string | null, standardMinutes: number): string | null {
  if (text === null) return null
  const timestamp = readTimestamp(text, standardMinutes)
  return timestamp.kind === 'instant' ? new Date(timestamp.epochMs).toISOString() : null
}
