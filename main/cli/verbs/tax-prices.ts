import { readFile } from 'node:fs/promises'
import { taxPriceSchema } from '../../api/earnings.ts'
import { pricesOf, type Prices } from '../../earnings/index.ts'
import { UsageError } from './usage-error.ts'
import { textOption, type VerbValues } from './verb.ts'

const usage = 'Say --price 1.25 --currency EUR, or --prices FILE --currency EUR, together with --csv.'

/** The prices of `--price` or `--prices`, null where neither was given. Throws UsageError or TaxPriceError. */
export async function readPrices(values: VerbValues): Promise<Prices | null> {
  const price = textOption(values, 'price')
  const file = textOption(values, 'prices')
  const currency = textOption(values, 'currency')
  if (price === null && file === null) {
    if (currency !== null) throw new UsageError('A currency needs a price.', usage)
    return null
  }
  if (values['csv'] !== true) throw new UsageError('Prices are for the CSV export only.', usage)
  if (price !== null && file !== null) throw new UsageError('There is one price, or a file of prices, not both.', usage)
  const entered =
    file === null ? { kind: 'fixed', price, currency } : { kind: 'table', csv: await readPriceFile(file), currency }
  const checked = taxPriceSchema.safeParse(entered)
  if (checked.success) return pricesOf(checked.data)
  const field = String(checked.error.issues[0]?.path[0] ?? 'price')
  throw new UsageError(`The ${field === 'csv' ? 'file of prices is too long' : `${field} is not understood`}.`, usage)
}

async function readPriceFile(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch {
    throw new UsageError(`The file of prices ${file} cannot be read.`, usage)
  }
}
