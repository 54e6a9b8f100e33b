import type { TaxPrice } from '../../state/snapshot.ts'

export type TaxKind = TaxPrice['kind']

/** What a person filled in. */
export type TaxForm = {
  readonly kind: TaxKind
  readonly price: string
  readonly currency: string
  readonly csv: string
}

/** What is wrong with each part; null where nothing is. */
export type TaxProblems = {
  readonly price: boolean
  readonly currency: boolean
  /** First line that is no day and price in rising order, from 1; 0 when there is none at all; null when all are right. */
  readonly line: number | null
}

const pricePattern = /^\d{1,9}(\.\d{1,9})?$/
const currencyPattern = /^[A-Z]{3}$/

/** Checks what was filled in, as far as it counts for the kind that is chosen. */
export function taxProblems(form: TaxForm): TaxProblems {
  return {
    price: form.kind === 'fixed' && !pricePattern.test(form.price.trim()),
    currency: form.kind !== 'none' && !currencyPattern.test(form.currency.trim().toUpperCase()),
    line: form.kind === 'table' ? firstWrongLine(form.csv) : null,
  }
}

/** The prices to send, or null while something is wrong. */
export function readTaxPrice(form: TaxForm): TaxPrice | null {
  const { price, currency, line } = taxProblems(form)
  if (price || currency || line !== null) return null
  const code = form.currency.trim().toUpperCase()
  switch (form.kind) {
    case 'none':
      return { kind: 'none' }
    case 'fixed':
      return { kind: 'fixed', price: form.price.trim(), currency: code }
    case 'table':
      return { kind: 'table', csv: priceLines(form.csv).join('\n'), currency: code }
  }
}

/** Lines that hold something, without spaces at their ends. */
function priceLines(csv: string): readonly string[] {
  return csv
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
}

function firstWrongLine(csv: string): number | null {
  const lines = priceLines(csv)
  if (lines.length === 0) return 0
  let dayBefore = ''
  for (const [index, line] of lines.entries()) {
    const [day = '', price = '', ...more] = line.split(',')
    if (!isDay(day) || !pricePattern.test(price) || more.length > 0 || day <= dayBefore) return index + 1
    dayBefore = day
  }
  return null
}

/** A day that exists, `YYYY-MM-DD`. */
function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const date = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text)
}
