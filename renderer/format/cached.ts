import { formatLocale } from './locale.ts'

/*
 * Building an Intl formatter costs a hundred times what using one does, and lists with relative times use many every
 * few seconds. The kinds of options are few and fixed in code, so what is kept stays small.
 */
const numbers = new Map<string, Intl.NumberFormat>()
const dates = new Map<string, Intl.DateTimeFormat>()

/** The number formatter for these options, built once. */
export function numberFormat(options: Intl.NumberFormatOptions): Intl.NumberFormat {
  return keep(numbers, options, () => new Intl.NumberFormat(formatLocale, options))
}

/** The date formatter for these options, built once. */
export function dateFormat(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return keep(dates, options, () => new Intl.DateTimeFormat(formatLocale, options))
}

function keep<F>(known: Map<string, F>, options: object, build: () => F): F {
  const key = JSON.stringify(options)
  const found = known.get(key)
  if (found !== undefined) return found
  const built = build()
  known.set(key, built)
  return built
}
