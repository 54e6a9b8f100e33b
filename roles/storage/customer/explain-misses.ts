import { readLatestBlock, readMissedPeriod, readTiming } from '../../../contracts/client/index.ts'
import type { AuditRecord } from '../protocol/audit-record.ts'
import type { CustomerContext } from './context.ts'
import type { SetFacts } from './market.ts'
import { mapParallel } from '../../upkeep/map-parallel.ts'
import { openProviderBook } from './provider-book.ts'

/**
 * A period of a set without a proof, as its customer can explain it. `void`: the network drew its seed too late, so it counts for
 * nobody. Else from this customer's audits around it: the provider was `silent`, had `lost` bytes, or `answered` and must say
 * itself what kept its proof; `unknown` without an audit.
 */
export type ExplainedMiss = {
  readonly period: number
  readonly why: 'void' | 'silent' | 'lost' | 'answered' | 'unknown'
}

/** Newest periods that are explained. */
const mostExplained = 5

/** Explains the periods since a set's last proof, newest first, by node in lower case. Throws errors of the chain. */
export async function explainMisses(
  context: Pick<CustomerContext, 'chain' | 'dataDirectory'>,
  sets: readonly SetFacts[],
  currentPeriod: number,
): Promise<ReadonlyMap<string, readonly ExplainedMiss[]>> {
  const { chain } = context
  const [timing, { timestampSeconds }] = await Promise.all([readTiming(chain), readLatestBlock(chain)])
  const book = openProviderBook(context.dataDirectory)
  try {
    const entries = await mapParallel(sets, 8, async (set) => {
      const audits = book.audits(set.node)
      const misses: ExplainedMiss[] = []
      for (const period of openPeriods(set, currentPeriod)) {
        const outcome = await readMissedPeriod(chain, period, timestampSeconds, timing)
        if (outcome === 'undecided') continue
        misses.push({ period, why: outcome === 'void' ? 'void' : explainByAudits(audits, period) })
      }
      return [set.node.toLowerCase(), misses] as const
    })
    return new Map(entries)
  } finally {
    book.close()
  }
}

/** Ended periods since the last proof of a living set, newest first. */
export function openPeriods(
  set: Pick<SetFacts, 'state' | 'lastProvenPeriod' | 'firstPeriod'>,
  currentPeriod: number,
): number[] {
  if (set.state !== 'active') return []
  const first = Math.max((set.lastProvenPeriod ?? 0) + 1, set.firstPeriod, currentPeriod - mostExplained)
  return Array.from({ length: Math.max(0, currentPeriod - first) }, (_, index) => currentPeriod - 1 - index)
}

/** What the audits of a period say about why it was missed; the worst answer counts. */
export function explainByAudits(
  audits: readonly Pick<AuditRecord, 'period' | 'asked' | 'wrong' | 'silent'>[],
  period: number,
): 'silent' | 'lost' | 'answered' | 'unknown' {
  const then = audits.filter((audit) => audit.period === period)
  if (then.some(({ wrong }) => wrong > 0)) return 'lost'
  if (then.some(({ silent, asked }) => silent === asked)) return 'silent'
  return then.length > 0 ? 'answered' : 'unknown'
}
