import { dirname } from 'node:path'
import { writeFileAtomic } from '../../../../roles/persistence/index.ts'
import { readRepairOutlook, repairFile, type RepairOutlook } from '../../../../roles/storage/customer/repair-file.ts'
import { formatBytes, formatWei } from '../../output/format.ts'
import type { VerbContext } from '../verb.ts'
import { withCustomer } from '../with-customer.ts'
import { keepManifestOnNetwork } from './keep-manifest.ts'
import { readManifest, requireWritableFolder } from './files.ts'

/** `hearth store repair`: rebuilds lost pieces elsewhere. */
export async function repair(
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
    if (dryRun || (outlook.due === 0 && outlook.piecesFound === 0)) {
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
    await keepManifestOnNetwork(context, customer, result.manifest)
    const { paidWei, nodes } = result.summary
    output.result({ repaired: true, ...outlook, nodes, paidWei }, () => [
      ...describeFound(outlook.piecesFound),
      ...(outlook.due === 0
        ? []
        : [`Rebuilt ${outlook.piecesToMake} pieces of ${outlook.due} segments on ${nodes.length} other homes.`]),
      `Paid in advance: ${formatWei(paidWei, customer.chain.network.symbol)}. The manifest is new; the old one is ${manifestPath}.bak`,
    ])
  })
}

function describeOutlook(outlook: RepairOutlook): string[] {
  const { segments, due, healthy, n, threshold, piecesFound, piecesToMake, bytesToFetch, bytesToSend } = outlook
  const state = `The worst of ${segments} segments has ${healthy} of ${n} healthy pieces; repair is due at ${threshold}.`
  const known = [state, ...describeFound(piecesFound)]
  if (due === 0) return [...known, piecesFound > 0 ? 'Nothing else is due.' : 'Nothing is due.']
  return [
    ...known,
    `Due: ${due} segments, ${piecesToMake} pieces. To fetch: ${formatBytes(bytesToFetch)}, to send: ${formatBytes(bytesToSend)}.`,
  ]
}

function describeFound(pieces: number): string[] {
  if (pieces === 0) return []
  return [`${pieces} pieces of an interrupted repair are paid for and are taken as they are.`]
}
