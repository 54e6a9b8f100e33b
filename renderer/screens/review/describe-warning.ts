import { hasMessage, t } from '../../format/message.ts'
import { describeWei } from '../../format/money.ts'
import { formatCoin, microToWei } from '../../format/tokens.ts'
import { formatExact } from '../../format/time.ts'
import type { ConsentReview } from '../../state/snapshot.ts'

type Warning = ConsentReview['warnings'][number]
type Currency = Parameters<typeof describeWei>[1]

/** A warning of main in words. One that is newer than this window still shows, by its code. */
export function describeWarning(warning: Warning, currency: Currency): string {
  const key = `review.warning.${warning.code}`
  const unknown = (): string => t('review.warning.unknown', { code: warning.code })
  if (!hasMessage(key)) return unknown()
  try {
    return t(key, readable(warning.values, currency))
  } catch {
    return unknown()
  }
}

/** Values by the ending of their names: `Wei` and `Micro` are tokens, `Coin` is the chain's own, `Ms` a moment. */
function readable(values: Warning['values'], currency: Currency): Record<string, string | number> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, readableValue(name, value, currency)]))
}

function readableValue(name: string, value: string | number, currency: Currency): string | number {
  const digits = typeof value === 'string' && /^[0-9]+$/.test(value)
  if (digits && /gas(Wei)?$/i.test(name)) return formatCoin(value)
  if (digits && name.endsWith('Wei')) return describeWei(value, currency)
  if (digits && name.endsWith('Micro')) return describeWei(microToWei(value), currency)
  if (name.endsWith('Ms') && typeof value === 'number') return formatExact(value)
  return value
}
