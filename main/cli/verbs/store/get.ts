import { dirname } from 'node:path'
import { getFile } from '../../../../roles/storage/customer/get-file.ts'
import { formatBytes } from '../../output/format.ts'
import { UsageError } from '../usage-error.ts'
import type { VerbContext } from '../verb.ts'
import { withCustomer } from '../with-customer.ts'
import { readManifest, requireWritableFolder } from './files.ts'

/** `hearth store get`: brings a whole file back. */
export async function get(context: VerbContext, manifestPath: string, out: string): Promise<void> {
  const { output, signal } = context
  const manifest = await readManifest(manifestPath)
  if (out === manifestPath) throw new UsageError('The file would overwrite its own manifest.')
  await requireWritableFolder(dirname(out))
  await withCustomer(context, async (customer) => {
    const bar = output.progress('Fetching')
    const summary = await getFile(customer, {
      manifest,
      output: out,
      signal,
      onProgress: ({ phase, bytesDone, bytesTotal }) =>
        bar.update({ label: phase, done: bytesDone, total: bytesTotal, unit: 'bytes' }),
    }).finally(() => bar.end())
    output.result({ file: out, ...summary }, () => [`Brought back ${formatBytes(summary.bytes)} to ${out}.`])
  })
}
