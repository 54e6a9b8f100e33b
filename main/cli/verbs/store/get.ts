import { dirname } from 'node:path'
import { getFile } from '../../../../roles/storage/customer/get-file.ts'
import { getTree } from '../../../../roles/storage/customer/get-tree.ts'
import { holdsManyFiles } from '../../../../roles/storage/customer/holds-many-files.ts'
import type { CustomerContext } from '../../../../roles/storage/customer/context.ts'
import { formatBytes } from '../../output/format.ts'
import { UsageError } from '../usage-error.ts'
import type { VerbContext } from '../verb.ts'
import { withCustomer } from '../with-customer.ts'
import { readManifest, requireWritableFolder } from './files.ts'

/** `hearth store get`: brings a file back, or all or some (`--path`) of many files into a folder. */
export async function get(
  context: VerbContext,
  manifestPath: string,
  out: string,
  { path }: { path: string | null },
): Promise<void> {
  const manifest = await readManifest(manifestPath)
  if (out === manifestPath) throw new UsageError('The file would overwrite its own manifest.')
  await requireWritableFolder(dirname(out))
  await withCustomer(context, async (customer) => {
    if (path !== null || holdsManyFiles(customer, manifest))
      await intoFolder(context, customer, { manifest, out, path })
    else await intoFile(context, customer, { manifest, out })
  })
}

async function intoFile(
  { output, signal }: VerbContext,
  customer: CustomerContext,
  { manifest, out }: { manifest: Uint8Array; out: string },
): Promise<void> {
  const bar = output.progress('Fetching')
  const summary = await getFile(customer, {
    manifest,
    output: out,
    signal,
    onContinue: ({ segmentsThere }) => output.note(`Continuing: ${segmentsThere} segments are there already.`),
    onProgress: ({ phase, bytesDone, bytesTotal }) =>
      bar.update({ label: phase, done: bytesDone, total: bytesTotal, unit: 'bytes' }),
  }).finally(() => bar.end())
  output.result({ file: out, ...summary }, () => [`Brought back ${formatBytes(summary.bytes)} to ${out}.`])
}

async function intoFolder(
  { output, signal }: VerbContext,
  customer: CustomerContext,
  { manifest, out, path }: { manifest: Uint8Array; out: string; path: string | null },
): Promise<void> {
  const bar = output.progress('Fetching')
  const summary = await getTree(customer, {
    manifest,
    folder: out,
    path,
    signal,
    onContinue: ({ filesThere }) => output.note(`Continuing: ${filesThere} files are there already.`),
    onProgress: ({ phase, bytesDone, bytesTotal }) =>
      bar.update({ label: phase, done: bytesDone, total: bytesTotal, unit: 'bytes' }),
  }).finally(() => bar.end())
  output.result({ folder: out, ...summary }, () => [
    `Brought back ${summary.files} files, ${formatBytes(summary.bytes)}, to ${out}.`,
  ])
}
