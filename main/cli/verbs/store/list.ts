import { openStoredArchive } from '../../../../roles/storage/customer/archive/open-archive.ts'
import { formatBytes, formatTable } from '../../output/format.ts'
import type { VerbContext } from '../verb.ts'
import { withCustomer } from '../with-customer.ts'
import { readManifest } from './files.ts'

/** `hearth store list`: what is in a stored folder; with --json one object a line. */
export async function list(context: VerbContext, manifestPath: string): Promise<void> {
  const { output, signal } = context
  const manifest = await readManifest(manifestPath)
  await withCustomer(context, async (customer) => {
    const archive = await openStoredArchive(customer, manifest, { signal })
    archive.close()
    const { entries } = archive
    if (output.json) {
      for (const entry of entries) output.result(entry, () => [])
      return
    }
    const rows = entries.map((entry) => [
      entry.kind === 'file' ? formatBytes(entry.bytes) : entry.kind,
      new Date(entry.mtimeMs).toISOString().slice(0, 16).replace('T', ' '),
      entry.kind === 'link' ? `${entry.path} -> ${entry.target}` : entry.path,
    ])
    output.result(entries, () =>
      formatTable(
        ['SIZE', 'CHANGED (UTC)', 'NAME'],
        rows.map((row) => row.map(printable)),
      ),
    )
  })
}

/** A stored name must not move a terminal's cursor. */
function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, '�')
}
