import { dirname } from 'node:path'
import { openOutputFile } from '../../../../roles/storage/customer/output-file.ts'
import { openStoredFile } from '../../../../roles/storage/customer/stored-file.ts'
import { formatBytes } from '../../output/format.ts'
import { UsageError } from '../usage-error.ts'
import type { VerbContext } from '../verb.ts'
import { withCustomer } from '../with-customer.ts'
import { readManifest, requireWritableFolder } from './files.ts'

/** Positions of the first and the last byte, both included and counted from 0, as HTTP has them (RFC 9110, 14.1.2). */
export function parseRange(text: string): { first: number; length: number } {
  const [, first, last] = /^(\d{1,15})-(\d{1,15})$/.exec(text) ?? []
  if (first === undefined || last === undefined || Number(last) < Number(first)) {
    throw new UsageError(`--range takes FIRST-LAST, such as 0-1023 for the first KiB; ${text} is none.`)
  }
  return { first: Number(first), length: Number(last) - Number(first) + 1 }
}

/** Read at once; two of them are under way. */
const windowBytes = 8 * 1024 * 1024

/** `hearth store get --range`: brings a part of a file back. */
export async function getRange(
  context: VerbContext,
  manifestPath: string,
  out: string,
  { first, length }: { first: number; length: number },
): Promise<void> {
  const { output, signal } = context
  const manifest = await readManifest(manifestPath)
  if (out === manifestPath) throw new UsageError('The bytes would overwrite the manifest.')
  await requireWritableFolder(dirname(out))
  await withCustomer(context, async (customer) => {
    const file = await openStoredFile(customer, manifest)
    if (first + length > file.bytes) {
      file.close()
      throw new UsageError(`The file has ${file.bytes} bytes, so its last one is ${file.bytes - 1}.`)
    }
    let paidWei = 0n
    const target = await openOutputFile(out)
    const bar = output.progress('Fetching')
    try {
      const read = (from: number): Promise<Uint8Array> | null =>
        from < length ? file.read(first + from, Math.min(windowBytes, length - from), { signal }) : null
      let next = read(0)
      for (let from = 0; next !== null; from += windowBytes) {
        const bytes = await next
        next = read(from + windowBytes)
        next?.catch(() => {})
        await target.write(bytes)
        bar.update({ label: 'fetching', done: from + bytes.length, total: length, unit: 'bytes' })
      }
      await target.finish()
      paidWei = file.paidWei()
    } finally {
      bar.end()
      await target.discard()
      file.close()
    }
    output.result({ file: out, bytes: length, first, of: file.bytes, paidWei }, () => [
      `Brought back ${formatBytes(length)} from byte ${first} on to ${out}.`,
    ])
  })
}
