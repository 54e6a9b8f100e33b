import { repairThreshold } from '../../../../roles/storage/customer/index.ts'
import { readStoreStatus } from '../../../../roles/storage/customer/store-status.ts'
import { formatBytes, formatTable } from '../../output/format.ts'
import type { VerbContext } from '../verb.ts'
import { withCustomer } from '../with-customer.ts'
import { explainMiss, explainScore } from './explain-score.ts'
import { readManifest } from './files.ts'

/** `hearth store status`: how a stored file is kept. */
export async function status(context: VerbContext, manifestPath: string): Promise<void> {
  const manifest = await readManifest(manifestPath)
  await withCustomer(context, async (customer) => {
    const { spreadWaived, ...report } = await readStoreStatus(customer, manifest)
    context.output.result(report, () => [
      `${formatBytes(report.bytes)} in ${report.segments} segments, ${report.k} of ${report.n}; healthy: ${report.healthy}.`,
      `Paid for ${report.escrowPeriodsLeft ?? 'unknown'} more periods.`,
      ...(spreadWaived > 0
        ? [
            `${spreadWaived} segments are with several newcomers at once: too few contributors of more than 30 days had space.`,
          ]
        : []),
      `Lost pieces come back only through \`hearth store repair\` on this computer; due at ${repairThreshold(report.k, report.n)} healthy.`,
      '',
      ...formatTable(
        ['NODE', 'PIECES', 'LAST PROOF', 'SCORE', 'WHY'],
        report.providers.map((one) => [
          one.node,
          String(one.pieces),
          `${one.lastProvenPeriod ?? 'none yet'}`,
          String(one.score),
          [explainScore(one), ...one.misses.slice(0, 1).map(explainMiss)].join('; '),
        ]),
      ),
    ])
  })
}
