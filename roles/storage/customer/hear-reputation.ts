import { listDataSets, type DataSetView } from '../../../contracts/client/index.ts'
import { sameAddress } from '../../api/values.ts'
import { reputationAnswerSchema, storageReputationProtocol } from '../protocol/audit-frames.ts'
import { judgeAuditRecord, type AuditRecord } from '../protocol/audit-record.ts'
import type { CustomerContext } from './context.ts'
import type { HeardAudit } from './heard-audits.ts'
import { brisk } from './patience.ts'
import type { NetworkFields } from './upload-piece.ts'

/** No single customer is more than a quarter of the evidence, however much it stores there. */
const largestWeight = 0.25

/**
 * Asks a provider what customers signed about it and keeps what holds: signed by both, from customers that pay for a set there
 * right now, each weighing its share of what the node is paid. Forged records count for nothing. Throws errors of network and
 * chain.
 */
export async function hearReputation(
  context: CustomerContext,
  provider: { readonly node: string; readonly peerId: string },
  network: NetworkFields,
  options: { readonly signal?: AbortSignal } = {},
): Promise<HeardAudit[]> {
  const wait = { ...options, timeoutMs: brisk.dialMs }
  const stream = await context.node.open(provider.peerId, storageReputationProtocol, wait)
  try {
    await stream.writeFrame({ kind: 'askReputation', ...network }, wait)
    const answer = await stream.readFrame(reputationAnswerSchema, wait)
    await stream.close()
    if (answer.kind === 'refused') return []
    const records = answer.results.map((result) => ({ ...result, node: provider.node }))
    const sets = await listDataSets(context.chain, { node: provider.node }, options)
    return weighRecords(records, sets, {
      network: context.chain.network,
      self: context.wallet.address,
    })
  } catch (error) {
    stream.abort(error instanceof Error ? error : new Error(String(error)))
    throw error
  }
}

/** The records that hold, with the weight of their customers; the listener's own and those of strangers are left out. Pure. */
export function weighRecords(
  records: readonly AuditRecord[],
  sets: readonly Pick<DataSetView, 'customer' | 'state' | 'pricePerPeriodWei'>[],
  listener: { readonly network: Parameters<typeof judgeAuditRecord>[0]; readonly self: string },
): HeardAudit[] {
  const paying = sets.filter(({ state }) => state === 'active')
  const totalWei = paying.reduce((sum, set) => sum + set.pricePerPeriodWei, 0n)
  const weightOf = (customer: string): number => {
    const set = paying.find((one) => sameAddress(one.customer, customer))
    if (set === undefined || totalWei === 0n) return 0
    return Math.min(largestWeight, Number((set.pricePerPeriodWei * 1_000_000n) / totalWei) / 1_000_000)
  }
  return records
    .filter((record) => !sameAddress(record.customer, listener.self))
    .filter((record) => judgeAuditRecord(listener.network, record) === 'both')
    .map((record) => ({ ...record, weight: weightOf(record.customer) }))
    .filter(({ weight }) => weight > 0)
}
