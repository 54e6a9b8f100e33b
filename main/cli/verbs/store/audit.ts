import { auditFileProviders } from '../../../../roles/storage/customer/audit-providers.ts'
import { formatTable } from '../../output/format.ts'
import type { VerbContext } from '../verb.ts'
import { withCustomer } from '../with-customer.ts'

/** `hearth store audit MANIFEST`: asks everybody who holds a piece of the file for random bytes of it. */
export async function auditFile(context: VerbContext, manifest: Uint8Array): Promise<void> {
  await withCustomer(context, async (customer) => {
    const { signal } = context
    const { audits, refused } = await auditFileProviders(customer, manifest, { signal })
    const report = audits.map(({ node, asked, right, late, wrong, silent, latencyMs, nodeSignature }) => ({
      ...{ node, asked, right, late, wrong, silent, latencyMs },
      countersigned: nodeSignature !== null,
    }))
    const good = report.filter(({ asked, right }) => right === asked).length
    context.output.result({ audits: report, refused }, () => [
      `${good} of ${report.length} contributors showed everything they were asked for, at once.`,
      ...(refused.length > 0 ? [`${refused.length} had no time for questions; that says nothing about them.`] : []),
      'It shows that the bytes are there, not that a copy of its own is kept for you.',
      '',
      ...formatTable(
        ['NODE', 'ASKED', 'RIGHT', 'LATE', 'WRONG', 'SILENT', 'MS', 'AGREED'],
        report.map((one) => [
          one.node,
          ...[one.asked, one.right, one.late, one.wrong, one.silent, one.latencyMs].map(String),
          one.countersigned ? 'yes' : 'no',
        ]),
      ),
    ])
  })
}
