import type { Activity } from '../../main/api/channels.ts'
import { hasMessage, t } from './message.ts'
import { formatBytes } from './number.ts'
import { formatWei } from './money.ts'
import { formatExact } from './time.ts'

/**
 * An activity entry as a sentence. A code that this window does not know still shows, by its code; a known sentence
 * whose values are missing does too, so that one odd entry never takes the list down.
 */
export function describeActivity(entry: Pick<Activity, 'code' | 'values'>): string {
  const key = `activity.event.${entry.code}`
  if (!hasMessage(key)) return t('activity.unknown', { code: entry.code })
  try {
    return t(key, readableValues(entry.values))
  } catch {
    return t('activity.unknown', { code: entry.code })
  }
}

function readableValues(values: Activity['values']): Record<string, string | number> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, readableValue(name, value)]))
}

function readableValue(name: string, value: string | number): string | number {
  if (name.endsWith('Bytes') && typeof value === 'number') return formatBytes(value)
  if (name.endsWith('Wei') && typeof value === 'string' && /^[0-9]+$/.test(value)) return formatWei(value)
  if (name.endsWith('Ms') && typeof value === 'number') return formatExact(value)
  return value
}
