import { dirname, resolve } from 'node:path'
import { openSources } from '../../../../roles/storage/customer/archive/open-sources.ts'
import { writeFileAtomic } from '../../../../roles/persistence/index.ts'
import { minimumPeriods } from '../../../../roles/storage/customer/put-file.ts'
import { putResumably } from '../../../../roles/storage/customer/put-resumably.ts'
import { formatAgo, formatBytes, formatWei } from '../../output/format.ts'
import { parseWholeNumber } from '../../output/parse-size.ts'
import { UsageError } from '../usage-error.ts'
import { textOption, type VerbContext, type VerbValues } from '../verb.ts'
import { withCustomer } from '../with-customer.ts'
import { keepManifestOnNetwork } from './keep-manifest.ts'
import { requireReadable, requireWritableFolder } from './files.ts'

const mostPeriods = 1_000_000
/** Skipped files that are named one by one; of more only the number is said. */
const mostNamed = 10

/** `hearth store put`: stores a file, or folders and several files in one stream, and writes the manifest. */
export async function put(context: VerbContext, paths: readonly string[], values: VerbValues): Promise<void> {
  const { output, signal } = context
  const outText = textOption(values, 'out')
  if (outText === null || outText === '') throw new UsageError('Name the manifest to write with --out MANIFEST.')
  const out = resolve(outText)
  const periods = readPeriods(context, textOption(values, 'periods'))
  if (paths.includes(out)) throw new UsageError('The manifest would overwrite the file itself.')
  for (const path of paths) await requireReadable(path)
  await requireWritableFolder(dirname(out))
  const sources = await openSources(paths, { signal })
  try {
    noteSkipped(context, sources.skipped)
    await withCustomer(context, async (customer) => {
      const bar = output.progress('Storing')
      const { source, pathName, files } = sources
      let copies = 0
      const summary = await putResumably(customer, {
        ...{ source, pathName, paths, periods, signal },
        fresh: values['fresh'] === true,
        onContinue: ({ begunAtSeconds, share }) =>
          output.note(`Continuing a put of ${formatAgo(begunAtSeconds)}: ${Math.floor(100 * share)} % is there.`),
        onChanged: () => output.note('The files have changed since an earlier put was interrupted; it starts anew.'),
        onProgress: ({ phase, bytesDone, bytesTotal }) =>
          bar.update({ label: phase, done: bytesDone, total: bytesTotal, unit: 'bytes' }),
        // Written whether or not somebody pressed Ctrl-C meanwhile: by then it is paid.
        async writeManifest(manifest) {
          await writeFileAtomic(out, manifest, { mode: 0o600 })
          if (values['no-keep-manifest'] !== true) copies = await keepManifestOnNetwork(context, customer, manifest)
        },
      }).finally(() => bar.end())
      const result = { manifest: out, ...summary, files, skipped: sources.skipped, manifestCopies: copies }
      output.result(result, () => [
        `Stored ${files === 1 ? '' : `${files} files, `}${formatBytes(summary.bytes)} in ${summary.pieces} pieces; any ${summary.k} of ${summary.n} bring it back.`,
        `Paid in advance: ${formatWei(summary.paidWei, customer.chain.network.symbol)}. Keep the manifest: ${out}`,
        ...(copies > 0
          ? [`${copies} contributors keep it too; \`hearth store recover\` finds it with your key alone.`]
          : []),
      ])
    })
  } finally {
    await sources.close()
  }
}

function noteSkipped({ output }: VerbContext, skipped: readonly { path: string; why: string }[]): void {
  for (const { path, why } of skipped.slice(0, mostNamed)) output.note(`Not stored: ${path}, ${why}.`)
  if (skipped.length > mostNamed) output.note(`Not stored: ${skipped.length - mostNamed} more.`)
}

/** The contract takes nothing below thirty periods; who asks for less gets those and is told. */
function readPeriods({ output }: VerbContext, text: string | null): number {
  if (text === null) return minimumPeriods
  const periods = parseWholeNumber(text, '--periods', { min: 1, max: mostPeriods })
  if (periods < minimumPeriods) output.note(`The least that can be paid for is ${minimumPeriods} periods.`)
  return Math.max(periods, minimumPeriods)
}
