import { extendFile } from '../../../../roles/storage/customer/extend-file.ts'
import { formatWei } from '../../output/format.ts'
import { parseWholeNumber } from '../../output/parse-size.ts'
import { UsageError } from '../usage-error.ts'
import type { VerbContext } from '../verb.ts'
import { withCustomer } from '../with-customer.ts'
import { readManifest } from './files.ts'

const mostPeriods = 1_000_000

/** `hearth store extend`: pays for more periods. */
export async function extend(context: VerbContext, manifestPath: string, text: string | null): Promise<void> {
  if (text === null) throw new UsageError('Say how long to pay for with --periods N.')
  const periods = parseWholeNumber(text, '--periods', { min: 1, max: mostPeriods })
  const manifest = await readManifest(manifestPath)
  await withCustomer(context, async (customer) => {
    const summary = await extendFile(customer, { manifest, periods, signal: context.signal })
    context.output.result({ periods, ...summary }, () => [
      `Paid ${formatWei(summary.paidWei, customer.chain.network.symbol)} for ${periods} more periods on ${summary.sets} homes.`,
    ])
  })
}
