import { numberFormat } from './cached.ts'
import { t } from './message.ts'

/** Smallest units in one whole token. */
const weiPerToken = 10n ** 18n
/** Amounts are shown to the micro-token, the unit in which claims are made. */
const shownFractionDigits = 6
const weiPerMicroToken = 10n ** 12n

/**
 * Decimal wei text as whole tokens, rounded *down* to the micro-token so that no screen shows more than there is.
 * A positive amount below one micro-token reads as "< 0.000001". `allDigits` keeps trailing zeros, for columns. Throws a SyntaxError when the text is no integer.
 */
export function formatWei(weiText: string, options: { allDigits?: boolean } = {}): string {
  const wei = BigInt(weiText)
  const leastDigits = options.allDigits === true ? shownFractionDigits : 2
  if (wei > 0n && wei < weiPerMicroToken) return `< ${formatDecimal('0.000001', leastDigits)}`
  return formatDecimal(weiToDecimal(wei), leastDigits)
}

/** Exact decimal text of an amount in tokens, cut after the micro-token, such as `12.345678`. */
export function weiToDecimal(wei: bigint): `${number}` {
  const whole = wei / weiPerToken
  const micro = (wei % weiPerToken) / weiPerMicroToken
  return `${whole}.${micro.toString().padStart(shownFractionDigits, '0')}` as `${number}`
}

/** Sum of decimal wei texts, as decimal wei text. */
export function sumWei(weiTexts: readonly string[]): string {
  return weiTexts.reduce((sum, text) => sum + BigInt(text), 0n).toString()
}

/** An amount in words with its symbol and, on a practice network, the mark; for texts that cannot hold a `Money`. */
export function describeWei(
  weiText: string,
  currency: { readonly symbol: string; readonly practice: boolean | null },
): string {
  const amount = `${formatWei(weiText)} ${currency.symbol}`.trimEnd()
  return currency.practice === true ? t('money.inWords', { amount }) : amount
}

/** The highest of decimal wei texts; "0" of none. */
export function highestWei(weiTexts: readonly string[]): string {
  return weiTexts.reduce((best, text) => (BigInt(text) > best ? BigInt(text) : best), 0n).toString()
}

/** `part` of `whole` as a number from 0 to 1 for drawing; 0 when the whole is 0. Precise to a ten-thousandth. */
export function weiShare(part: string, whole: string): number {
  const total = BigInt(whole)
  if (total <= 0n) return 0
  return Number((BigInt(part) * 10_000n) / total) / 10_000
}

function formatDecimal(decimal: `${number}`, leastDigits: number): string {
  return numberFormat({
    minimumFractionDigits: leastDigits,
    maximumFractionDigits: shownFractionDigits,
  }).format(decimal)
}
