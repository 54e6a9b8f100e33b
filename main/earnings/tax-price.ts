import { HearthError } from '../../roles/api/errors.ts'
import type { TaxPrice } from '../api/earnings.ts'

/** Prices that cannot be used as they are; the message names the line. */
export class TaxPriceError extends HearthError {}

/** The price of a token that holds at a moment, as it was entered, and since which day; null before the first. */
export type PriceAt = { readonly price: string; readonly day: string | null }

/** What the values of an export are computed with. */
export type Prices = {
  readonly currency: string
  at(epochMs: number): PriceAt | null
}

const priceText = /^\d{1,9}(\.\d{1,9})?$/
const valueDigits = 8

/** Prices as the person entered them; null for an export without values. Throws TaxPriceError. */
export function pricesOf(entered: TaxPrice): Prices | null {
  switch (entered.kind) {
    case 'none':
      return null
    case 'fixed':
      return { currency: entered.currency, at: () => ({ price: entered.price, day: null }) }
    case 'table':
      return { currency: entered.currency, at: lookUp(parsePriceTable(entered.csv)) }
  }
}

type PriceLine = { readonly day: string; readonly price: string }

/**
 * Lines of `date,price`: dates as YYYY-MM-DD in rising order, prices in decimal with a point. Empty lines and one heading
 * `date,price` are passed over. Throws TaxPriceError with the line's number.
 */
export function parsePriceTable(csv: string): readonly PriceLine[] {
  const lines: PriceLine[] = []
  for (const [index, text] of csv
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .entries()) {
    const line = text.trim()
    if (line === '' || (lines.length === 0 && /^date\s*,\s*price$/i.test(line))) continue
    lines.push(parseLine(line, index + 1, lines.at(-1)?.day ?? ''))
  }
  if (lines.length > 0) return lines
  throw new TaxPriceError('PRICES_EMPTY', 'The list of prices has no line.', { action: lineHint })
}

const lineHint = 'Write one line a day, such as `2026-03-31,1.25`.'

function parseLine(line: string, number: number, dayBefore: string): PriceLine {
  const [day, price, ...more] = line.split(',').map((cell) => cell.trim())
  const wrong = (what: string) =>
    new TaxPriceError('PRICES_WRONG', `Line ${number} of the prices ${what}.`, { action: lineHint })
  if (day === undefined || price === undefined || more.length > 0) throw wrong('has not exactly a date and a price')
  if (!isDay(day)) throw wrong(`has no date that exists: "${day.slice(0, 20)}"`)
  if (!priceText.test(price))
    throw wrong(`has no price with at most nine digits after the point: "${price.slice(0, 20)}"`)
  if (day <= dayBefore) throw wrong('is not later than the line before')
  return { day, price }
}

function isDay(text: string): boolean {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text)
}

/** A day (UTC) without a line takes the one before; before the first line there is no price. */
function lookUp(lines: readonly PriceLine[]): Prices['at'] {
  return (epochMs) => {
    const day = new Date(epochMs).toISOString().slice(0, 10)
    let [low, high] = [0, lines.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (lines[middle]!.day <= day) low = middle + 1
      else high = middle
    }
    return lines[low - 1] ?? null
  }
}

/**
 * What an amount is worth at a price, in decimal with eight digits after the point. Exact but for the last digit, which is
 * rounded half to even, so that many small roundings do not lean to one side.
 */
export function valueAt(wei: bigint, price: string): string {
  const [whole, part = ''] = price.split('.')
  const scaled = wei * BigInt(whole! + part)
  const divisor = 10n ** BigInt(18 + part.length - valueDigits)
  const value = roundHalfEven(scaled, divisor)
    .toString()
    .padStart(valueDigits + 1, '0')
  return `${value.slice(0, -valueDigits)}.${value.slice(-valueDigits)}`
}

/** Division of what is not negative, rounded to the nearest whole, halves to the even one. */
function roundHalfEven(value: bigint, divisor: bigint): bigint {
  const floor = value / divisor
  const twice = (value % divisor) * 2n
  const up = twice > divisor || (twice === divisor && floor % 2n === 1n)
  return up ? floor + 1n : floor
}
