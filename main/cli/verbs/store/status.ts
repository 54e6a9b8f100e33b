import { repairThreshold } from '../../../../roles/storage/customer/index.ts'
import { readStoreStatus, type StoreStatus } from '../../../../roles/storage/customer/store-status.ts'
import { formatBytes, formatDate, formatTable, formatWei } from '../../output/format.ts'
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
      ...describeEscrow(report),
      ...(report.piecesMoved > 0
        ? [
            `${report.piecesMoved} pieces were moved to other homes since the manifest was written. It finds them as it is.`,
          ]
        : []),
      ...(spreadWaived > 0
        ? [
            `${spreadWaived} segments are with several newcomers at once: too few contributors of more than 30 days had space.`,
          ]
        : []),
      ...describeRepair(report, customer.chain.network.symbol),
      ...describeDrops(report),
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

function describeEscrow({
  escrowPeriodsLeft,
  paidUntilSeconds,
  escrowLow,
}: Omit<StoreStatus, 'spreadWaived'>): string[] {
  const until = paidUntilSeconds === null ? '' : `, until ${formatDate(paidUntilSeconds)}`
  const paid = `Paid for ${escrowPeriodsLeft ?? 'unknown'} more periods${until}.`
  if (!escrowLow) return [paid]
  return [paid, 'Warning: after that it is deleted. Pay for more with `hearth store extend MANIFEST --periods N`.']
}

function describeRepair({ repairers, k, n }: Omit<StoreStatus, 'spreadWaived'>, symbol: string): string[] {
  const due = `Repair is due at ${repairThreshold(k, n)} healthy pieces.`
  if (repairers.length === 0) {
    return [
      `Your data is repaired only while this computer runs. ${due} Name a repairer with \`hearth store repairer\`.`,
    ]
  }
  return [
    due,
    ...repairers.map(({ node, budgetWei, endsAtSeconds, piecesPaid }) =>
      piecesPaid === 0
        ? `${node} repairs nothing more: its budget is used up, ${formatWei(budgetWei, symbol)} are left. Add to it with \`hearth store repairer MANIFEST --name ${node} --budget TOKENS --out TICKET\`, or repair it from here with \`hearth store repair MANIFEST\`.`
        : `${node} repairs it while this computer is off, until ${formatDate(endsAtSeconds)}, with ${formatWei(budgetWei, symbol)} left.`,
    ),
  ]
}

function describeDrops({ providers }: Omit<StoreStatus, 'spreadWaived'>): string[] {
  return providers
    .filter(({ drop }) => drop)
    .map(({ node }) => `${node} refuses to give pieces back: \`hearth store repair MANIFEST\` moves them elsewhere.`)
}
