import { access, constants, readFile, stat } from 'node:fs/promises'
import { basename, dirname, resolve } from 'node:path'
import { HearthError } from '../../../roles/api/errors.ts'
import { writeFileAtomic } from '../../../roles/persistence/index.ts'
import { getFile } from '../../../roles/storage/customer/get-file.ts'
import { minimumPeriods, putFile } from '../../../roles/storage/customer/put-file.ts'
import { readRepairOutlook, repairFile, type RepairOutlook } from '../../../roles/storage/customer/repair-file.ts'
import { openOutputFile } from '../../../roles/storage/customer/output-file.ts'
import { openStoredFile } from '../../../roles/storage/customer/stored-file.ts'
import { readStoreStatus } from '../../../roles/storage/customer/store-status.ts'
import { repairThreshold } from '../../../roles/storage/customer/index.ts'
import { formatBytes, formatTable, formatWei } from '../output/format.ts'
import { parseWholeNumber } from '../output/parse-size.ts'
import { auditFile } from './store-audit.ts'
import { UsageError } from './usage-error.ts'
import { textOption, type Verb, type VerbContext, type VerbValues } from './verb.ts'
import { withCustomer } from './with-customer.ts'

/** A file that a verb was given is missing or no file; wrong input. */
export class FileNotFoundError extends HearthError {}

/** Manifests of a file of 10 TiB stay below this; a longer file is something else. */
const largestManifestBytes = 256 * 1024 * 1024
const mostPeriods = 1_000_000

/** `hearth store`: keeps a file on other people's disks and brings it back. */
export const store: Verb = {
  name: 'store',
  summary: 'store a file on the network, get it back, see how it is kept',
  usage: [
    'store put FILE --out MANIFEST [--periods N]',
    'store get MANIFEST OUT [--range FIRST-LAST]',
    'store status MANIFEST',
    'store repair MANIFEST [--all] [--dry-run]',
    'store audit MANIFEST',
  ],
  options: {
    out: { type: 'string' },
    periods: { type: 'string' },
    range: { type: 'string' },
    all: { type: 'boolean' },
    'dry-run': { type: 'boolean' },
  },
  async run(context, { values, positionals }) {
    const [action, ...files] = positionals
    const expect = (count: number) => {
      if (files.length !== count || files.includes(''))
        throw new UsageError(`\`hearth store ${action}\` takes ${count} file names.`)
      return files.map((file) => resolve(file))
    }
    rejectOptionsOfOthers(action, values)
    switch (action) {
      case 'put':
        return put(context, expect(1)[0]!, values)
      case 'get': {
        const [manifest, out] = expect(2)
        const range = textOption(values, 'range')
        return range === null ? get(context, manifest!, out!) : getRange(context, manifest!, out!, parseRange(range))
      }
      case 'status':
        return status(context, expect(1)[0]!)
      case 'repair':
        return repair(context, expect(1)[0]!, {
          everything: values['all'] === true,
          dryRun: values['dry-run'] === true,
        })
      case 'audit': {
        const manifest = await readManifest(expect(1)[0]!)
        return auditFile(context, manifest)
      }
      default:
        throw new UsageError(
          'Say `hearth store put FILE --out MANIFEST`, `get MANIFEST OUT`, `status MANIFEST`, `repair MANIFEST` or `audit MANIFEST`.',
        )
    }
  },
}

/** Which action takes which options; one that would be ignored is refused. */
const optionsOf: Readonly<Record<string, string>> = {
  out: 'put',
  periods: 'put',
  range: 'get',
  all: 'repair',
  'dry-run': 'repair',
}

function rejectOptionsOfOthers(action: string | undefined, values: VerbValues): void {
  for (const name of Object.keys(values)) {
    const owner = optionsOf[name]
    if (owner !== undefined && owner !== action) throw new UsageError(`--${name} belongs to \`hearth store ${owner}\`.`)
  }
}

async function put(context: VerbContext, file: string, values: VerbValues): Promise<void> {
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

async function get(context: VerbContext, manifestPath: string, out: string): Promise<void> {
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

/** Positions of the first and the last byte, both included and counted from 0, as HTTP has them (RFC 9110, 14.1.2). */
function parseRange(text: string): { first: number; length: number } {
  const [, first, last] = /^(\d{1,15})-(\d{1,15})$/.exec(text) ?? []
  if (first === undefined || last === undefined || Number(last) < Number(first)) {
    throw new UsageError(`--range takes FIRST-LAST, such as 0-1023 for the first KiB; ${text} is none.`)
  }
  return { first: Number(first), length: Number(last) - Number(first) + 1 }
}

/** Read at once; two of them are under way. */
const windowBytes = 8 * 1024 * 1024

async function getRange(
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

async function status(context: VerbContext, manifestPath: string): Promise<void> {
  const manifest = await readManifest(manifestPath)
  await withCustomer(context, async (customer) => {
    const report = await readStoreStatus(customer, manifest)
    context.output.result(report, () => [
      `${formatBytes(report.bytes)} in ${report.segments} segments, ${report.k} of ${report.n}; healthy: ${report.healthy}.`,
      `Paid for ${report.escrowPeriodsLeft ?? 'unknown'} more periods.`,
      `Lost pieces come back only through \`hearth store repair\` on this computer; due at ${repairThreshold(report.k, report.n)} healthy.`,
      '',
      ...formatTable(
        ['NODE', 'PIECES', 'LAST PROOF'],
        report.providers.map((one) => [one.node, String(one.pieces), `${one.lastProvenPeriod ?? 'none yet'}`]),
      ),
    ])
  })
}

async function repair(
  context: VerbContext,
  manifestPath: string,
  options: { everything: boolean; dryRun: boolean },
): Promise<void> {
  const { output, signal } = context
  const { everything, dryRun } = options
  const manifest = await readManifest(manifestPath)
  await requireWritableFolder(dirname(manifestPath))
  await withCustomer(context, async (customer) => {
    const outlook = await readRepairOutlook(customer, { manifest, everything })
    if (dryRun || outlook.due === 0) {
      output.result({ repaired: false, ...outlook }, () => describeOutlook(outlook))
      return
    }
    const bar = output.progress('Repairing')
    const onProgress = (step: { phase: string; bytesDone: number; bytesTotal: number }): void =>
      bar.update({ label: step.phase, done: step.bytesDone, total: step.bytesTotal, unit: 'bytes' })
    const result = await repairFile(customer, { manifest, everything, signal, onProgress }).finally(() => bar.end())
    if (result === null) {
      output.result({ repaired: false, ...outlook }, () => ['Its contributors came back meanwhile; nothing is due.'])
      return
    }
    // From here on it is paid: both files are written whether or not somebody pressed Ctrl-C meanwhile.
    await writeFileAtomic(`${manifestPath}.bak`, manifest, { mode: 0o600 })
    await writeFileAtomic(manifestPath, result.manifest, { mode: 0o600 })
    const { paidWei, nodes } = result.summary
    output.result({ repaired: true, ...outlook, nodes, paidWei }, () => [
      `Rebuilt ${outlook.piecesToMake} pieces of ${outlook.due} segments on ${nodes.length} other homes.`,
      `Paid in advance: ${formatWei(paidWei, customer.chain.network.symbol)}. The manifest is new; the old one is ${manifestPath}.bak`,
    ])
  })
}

function describeOutlook(outlook: RepairOutlook): string[] {
  const { segments, due, healthy, n, threshold, piecesToMake, bytesToFetch, bytesToSend } = outlook
  const state = `The worst of ${segments} segments has ${healthy} of ${n} healthy pieces; repair is due at ${threshold}.`
  if (due === 0) return [state, 'Nothing is due.']
  return [
    state,
    `Due: ${due} segments, ${piecesToMake} pieces. To fetch: ${formatBytes(bytesToFetch)}, to send: ${formatBytes(bytesToSend)}.`,
  ]
}

async function readManifest(path: string): Promise<Uint8Array> {
  const { size } = await requireFile(path)
  if (size > largestManifestBytes) throw new FileNotFoundError('FILE_NOT_FOUND', `${path} is too large for a manifest.`)
  return readFile(path)
}

async function requireFile(path: string): Promise<{ size: number }> {
  const found = await stat(path).catch(() => null)
  if (found === null) throw new FileNotFoundError('FILE_NOT_FOUND', `There is no file ${path}.`)
  if (!found.isFile()) throw new FileNotFoundError('FILE_NOT_FOUND', `${path} is not a regular file.`)
  await access(path, constants.R_OK).catch(() => {
    throw new FileNotFoundError('FILE_NOT_FOUND', `The file ${path} may not be read.`)
  })
  return found
}

/** Asked before anything is paid: a manifest that cannot be written would be found out too late. */
async function requireWritableFolder(folder: string): Promise<void> {
  await access(folder, constants.W_OK).catch(() => {
    throw new FileNotFoundError('FILE_NOT_FOUND', `The folder ${folder} does not exist or may not be written to.`)
  })
}
