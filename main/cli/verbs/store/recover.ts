import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { mkdir } from 'node:fs/promises'
import { writeFileAtomic } from '../../../../roles/persistence/index.ts'
import {
  recoverManifests,
  type RecoveredManifest,
} from '../../../../roles/storage/customer/catalogue/recover-manifests.ts'
import { formatBytes, formatTable } from '../../output/format.ts'
import { UsageError } from '../usage-error.ts'
import { textOption, type VerbContext, type VerbValues } from '../verb.ts'
import { withCustomer } from '../with-customer.ts'
import { requireWritableFolder } from './files.ts'

/** `hearth store recover`: brings all manifests back with nothing but the customer's key. */
export async function recover(context: VerbContext, values: VerbValues): Promise<void> {
  const { output, signal } = context
  const outText = textOption(values, 'out')
  if (outText === null || outText === '') throw new UsageError('Name the folder for the manifests with --out DIR.')
  const folder = resolve(outText)
  await requireWritableFolder(dirname(folder))
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await withCustomer(context, async (customer) => {
    const { manifests, ...found } = await recoverManifests(customer, { signal })
    const written: (ReturnType<typeof summaryOf> & { manifest: string })[] = []
    for (const one of manifests) written.push({ ...summaryOf(one), manifest: await writeManifest(folder, one) })
    output.result({ ...found, manifests: written }, () => [
      `Found ${written.length} manifests; ${found.newest} of ${found.asked} contributors had the newest list.`,
      ...(found.older > 0 ? [`${found.older} had an older list, which was not used.`] : []),
      ...found.missing.map((why) => `A part of the list could not be fetched: ${why}`),
      '',
      ...formatTable(
        ['SIZE', 'STORED (UTC)', 'MANIFEST'],
        written.map((one) => [formatBytes(one.bytes), dateOf(one.createdAtSeconds), one.manifest]),
      ),
    ])
  })
}

function summaryOf({ pathName, bytes, createdAtSeconds }: RecoveredManifest) {
  return { pathName, bytes, createdAtSeconds }
}

/** Never over a file that is there: the name gets a number instead. */
async function writeManifest(folder: string, { pathName, manifest }: RecoveredManifest): Promise<string> {
  const name = pathName
    .replace(/[^\p{L}\p{N}._ -]/gu, '_')
    .replace(/^\.+/, '_')
    .slice(0, 100)
  for (let number = 1; ; number++) {
    const path = join(folder, `${name}${number === 1 ? '' : `-${number}`}.manifest`)
    if (existsSync(path)) continue
    await writeFileAtomic(path, manifest, { mode: 0o600 })
    return path
  }
}

function dateOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 16).replace('T', ' ')
}
