import { removeFile } from '../../../../roles/storage/customer/remove-file.ts'
import { formatDate, formatWei } from '../../output/format.ts'
import { UsageError } from '../usage-error.ts'
import type { VerbContext } from '../verb.ts'
import { withCustomer } from '../with-customer.ts'
import { readManifest } from './files.ts'

/** `hearth store remove`: takes a file off the network for good. */
export async function remove(
  context: VerbContext,
  manifestPath: string,
  { yes, wait }: { yes: boolean; wait: boolean },
): Promise<void> {
  const manifest = await readManifest(manifestPath)
  if (!yes) {
    throw new UsageError(
      'Removing cannot be undone: the pieces end with this period, and nobody brings them back. Say --yes to do it.',
    )
  }
  await withCustomer(context, async (customer) => {
    const summary = await removeFile(customer, { manifest, wait, signal: context.signal })
    const { symbol } = customer.chain.network
    const { returnedWei, outstandingWei, returnsAtSeconds, piecesWaiting } = summary
    const pieces = summary.sets.reduce((sum, set) => sum + set.pieces, 0)
    context.output.result(summary, () => [
      `${pieces} pieces end with this period.`,
      ...(returnedWei > 0n ? [`${formatWei(returnedWei, symbol)} came back.`] : []),
      ...(outstandingWei > 0n
        ? [
            `About ${formatWei(outstandingWei, symbol)} come back from ${formatDate(returnsAtSeconds)} on: say this again then.`,
          ]
        : []),
      ...(piecesWaiting > 0 ? [`${piecesWaiting} more pieces can be taken out next period: say this again then.`] : []),
    ])
  })
}
