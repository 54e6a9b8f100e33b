import { basename, dirname, resolve } from 'node:path'
import { writeFileAtomic } from '../../../../roles/persistence/index.ts'
import { minimumPeriods, putFile } from '../../../../roles/storage/customer/put-file.ts'
import { formatBytes, formatWei } from '../../output/format.ts'
import { parseWholeNumber } from '../../output/parse-size.ts'
import { UsageError } from '../usage-error.ts'
import { textOption, type VerbContext, type VerbValues } from '../verb.ts'
import { withCustomer } from '../with-customer.ts'
import { requireFile, requireWritableFolder } from './files.ts'

const mostPeriods = 1_000_000

/** `hearth store put`: stores a file and writes its manifest. */
export async function put(context: VerbContext, file: string, values: VerbValues): Promise<void> {
  const { output, signal } = context
  const outText = textOption(values, 'out')
  if (outText === null || outText === '') throw new UsageError('Name the manifest to write with --out MANIFEST.')
  const out = resolve(outText)
  const periods = readPeriods(context, textOption(values, 'periods'))
  if (out === file) throw new UsageError('The manifest would overwrite the file itself.')
  await requireFile(file)
  await requireWritableFolder(dirname(out))
  await withCustomer(context, async (customer) => {
    const bar = output.progress('Storing')
    const { manifest, summary } = await putFile(customer, {
      source: file,
      pathName: basename(file),
      periods,
      signal,
      onProgress: ({ phase, bytesDone, bytesTotal }) =>
        bar.update({ label: phase, done: bytesDone, total: bytesTotal, unit: 'bytes' }),
    }).finally(() => bar.end())
    // From here on it is paid: the manifest is written whether or not somebody pressed Ctrl-C meanwhile.
    await writeFileAtomic(out, manifest, { mode: 0o600 })
    output.result({ manifest: out, ...summary }, () => [
      `Stored ${formatBytes(summary.bytes)} in ${summary.pieces} pieces; any ${summary.k} of ${summary.n} bring it back.`,
      `Paid in advance: ${formatWei(summary.paidWei, customer.chain.network.symbol)}. Keep the manifest: ${out}`,
    ])
  })
}

/** The contract takes nothing below thirty periods; who asks for less gets those and is told. */
function readPeriods({ output }: VerbContext, text: string | null): number {
  if (text === null) return minimumPeriods
  const periods = parseWholeNumber(text, '--periods', { min: 1, max: mostPeriods })
  if (periods < minimumPeriods) output.note(`The least that can be paid for is ${minimumPeriods} periods.`)
  return Math.max(periods, minimumPeriods)
}
