import { readNode, readProvision, type Chain } from '../../../contracts/client/index.ts'
import type { OwnReputation } from '../../api/messages.ts'
import { judgeProvider, type ReputationFacts } from '../protocol/reputation.ts'
import type { AuditLog } from './audit-log.ts'
import type { PeriodLog } from './period-log.ts'

/** What only the chain knows of this node, read now and then. */
export type Standing = { readonly boundAtSeconds: number; readonly provisionWei: bigint }

/** Reads when the node was bound and what its operator staked; null before it is bound. */
export async function readStanding(chain: Chain, node: string, operator: string): Promise<Standing | null> {
  const [entry, provisionWei] = await Promise.all([readNode(chain, node), readProvision(chain, operator)])
  return entry === null ? null : { boundAtSeconds: entry.boundAtSeconds, provisionWei }
}

/** Speeds of the newest downloads that this node served. */
export type ServedSpeeds = {
  note(lengthBytes: number, tookMs: number): void
  /** Bytes a second, oldest first. */
  list(): readonly number[]
}

/** Too short to measure a speed by. */
const leastBytes = 64 * 1024
const mostSpeeds = 50

/** Speeds in memory; they are for the person at this computer only. */
export function createServedSpeeds(): ServedSpeeds {
  const speeds: number[] = []
  return {
    note(lengthBytes, tookMs) {
      if (lengthBytes < leastBytes || tookMs <= 0) return
      speeds.push((lengthBytes * 1000) / tookMs)
      if (speeds.length > mostSpeeds) speeds.shift()
    },
    list: () => speeds,
  }
}

export type OwnReputationParts = {
  readonly periods: PeriodLog
  readonly audits: AuditLog
  readonly speeds: ServedSpeeds
  readonly minimumBytesPerSecond: number
  standing(): Standing | null
  nowSeconds(): number
  readonly provingPeriodSeconds: number
}

/** Audits that a look takes into account. */
const auditsLookedAt = 200
/** The books change slowly; the status is asked for every second. */
const freshMs = 5_000

/**
 * How customers judge this node, by their own rule over what this node knows: its proofs, the audits that it signed, its speed.
 * What customers keep to themselves (downloads that failed, audits that it never answered) is not in it.
 */
export function createOwnReputation(parts: OwnReputationParts): () => OwnReputation | null {
  let known: { atMs: number; value: OwnReputation | null } | null = null
  return () => {
    const nowMs = performance.now()
    if (known === null || nowMs - known.atMs > freshMs) known = { atMs: nowMs, value: look(parts) }
    return known.value
  }
}

function look(parts: OwnReputationParts): OwnReputation | null {
  const standing = parts.standing()
  if (standing === null) return null
  const period = Math.floor(parts.nowSeconds() / parts.provingPeriodSeconds)
  const periods = parts.periods.periods()
  const audits = parts.audits.newest(auditsLookedAt)
  const { score, reasons } = judgeProvider(factsOf(parts, standing, period))
  const total = (of: 'proven' | 'missed' | 'void'): number => periods.reduce((sum, one) => sum + one[of], 0)
  return {
    score,
    reasons,
    proven: total('proven'),
    missed: total('missed'),
    void: total('void'),
    lastMissCause: parts.periods.lastCause(),
    audits: {
      count: audits.length,
      asked: audits.reduce((sum, one) => sum + one.asked, 0),
      right: audits.reduce((sum, one) => sum + one.right, 0),
    },
    servedBytesPerSecond: median(parts.speeds.list()),
  }
}

function factsOf(parts: OwnReputationParts, standing: Standing, period: number): ReputationFacts {
  const { provisionWei, boundAtSeconds } = standing
  return {
    proofs: parts.periods.periods().map((one) => ({ ...one, periodsAgo: period - one.period })),
    boundForPeriods: Math.max(0, (parts.nowSeconds() - boundAtSeconds) / parts.provingPeriodSeconds),
    provisionWei,
    usualProvisionWei: 0n,
    ownAudits: parts.audits.newest(auditsLookedAt).map((one) => ({ ...one, periodsAgo: period - one.period })),
    othersAudits: [],
    retrievals: parts.speeds.list().map((bytesPerSecond) => ({ periodsAgo: 0, outcome: 'served', bytesPerSecond })),
    minimumBytesPerSecond: parts.minimumBytesPerSecond,
    jointDowntime: null,
    endedInOrder: 0,
    abandoned: 0,
  }
}

function median(values: readonly number[]): number | null {
  return values.toSorted((left, right) => left - right)[values.length >> 1] ?? null
}
