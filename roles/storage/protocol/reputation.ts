/** Everything that is known of one provider, its age counted in proving periods: a period is a day on a real network. */
export type ReputationFacts = {
  /** Sets proven and missed, by period; void periods are not in it. */
  readonly proofs: readonly { readonly periodsAgo: number; readonly proven: number; readonly missed: number }[]
  /** Since the node was bound. */
  readonly boundForPeriods: number
  /** Staked by its operator for this market, and what others stake there in the middle. */
  readonly provisionWei: bigint
  readonly usualProvisionWei: bigint
  /** What the one who judges found itself. */
  readonly ownAudits: readonly AuditFact[]
  /** What other customers signed, grouped by customer; `weight` is the customer's share of what the node is paid, in [0, 1]. */
  readonly othersAudits: readonly { readonly weight: number; readonly audits: readonly AuditFact[] }[]
  /** Downloads; speed is null where too little was moved to tell. */
  readonly retrievals: readonly RetrievalFact[]
  /** What the node promises; 0 when it promises nothing. */
  readonly minimumBytesPerSecond: number
  /** How much it is away just when others are, in [0, 1]; null when unknown. */
  readonly jointDowntime: number | null
  /** Sets that it served to their end, and sets that it left without a proof. */
  readonly endedInOrder: number
  readonly abandoned: number
}

export type AuditFact = {
  readonly periodsAgo: number
  readonly right: number
  readonly late: number
  readonly wrong: number
  readonly silent: number
}

export type RetrievalFact = {
  readonly periodsAgo: number
  readonly outcome: 'served' | 'failed' | 'refused'
  readonly bytesPerSecond: number | null
}

/** Most that each reason can take and give; minima and maxima sum to 50, so a score never leaves 0 to 100. */
export const reasonBounds = {
  proofs: [-18, 15],
  age: [0, 5],
  stake: [0, 5],
  ownAudits: [-13, 10],
  othersAudits: [-3, 3],
  downloads: [-6, 7],
  speed: [-1, 3],
  refusals: [-4, 0],
  jointDowntime: [-3, 0],
  exits: [-2, 2],
} as const satisfies Record<string, readonly [number, number]>

export type ReasonName = keyof typeof reasonBounds

/** A score from 0 to 100 and what it is made of: 50 and the points of all reasons sum to it exactly. */
export type Reputation = {
  readonly score: number
  readonly reasons: readonly { readonly name: ReasonName; readonly points: number }[]
}

/** Where everybody starts. */
export const neutralScore = 50

/** Periods after which something counts half. */
const halfLifePeriods = 15
/** One missed period weighs as much as four proven ones: a home should be there three days of four. */
const missedWeight = 4
/** A wrong answer is hard to excuse, silence is common, lateness is a blemish. */
const wrongWeight = 10
const silentWeight = 1
const lateWeight = 0.5
const failedWeight = 2
const abandonedWeight = 3
/** Evidence at which half of a reason's points are reached. */
const doubt = { proofs: 6, audits: 16, downloads: 4, exits: 2, agePeriods: 30, refusals: 2, speeds: 3 } as const
/** What a home that promises nothing is measured against: two megabits. */
const modestBytesPerSecond = 250_000

/**
 * Judges a provider. Pure; the same facts give the same score everywhere. A newcomer has exactly the neutral score, and what was
 * long ago fades, good and bad alike. Others' audits move it by three points at most, and each customer only by its share.
 */
export function judgeProvider(facts: ReputationFacts): Reputation {
  const shares: Record<ReasonName, number> = {
    proofs: balance(proofEvidence(facts), doubt.proofs),
    age: facts.boundForPeriods / (facts.boundForPeriods + doubt.agePeriods),
    stake: stakeShare(facts.provisionWei, facts.usualProvisionWei),
    ownAudits: balance(auditEvidence(facts.ownAudits), doubt.audits),
    othersAudits: othersShare(facts.othersAudits),
    downloads: balance(downloadEvidence(facts.retrievals), doubt.downloads),
    speed: speedShare(facts),
    refusals: refusalShare(facts.retrievals),
    jointDowntime: -(facts.jointDowntime ?? 0),
    exits: balance({ good: facts.endedInOrder, bad: abandonedWeight * facts.abandoned }, doubt.exits),
  }
  const reasons = (Object.keys(reasonBounds) as ReasonName[]).map((name) => ({
    name,
    points: points(name, shares[name]),
  }))
  return { score: round(reasons.reduce((sum, reason) => sum + reason.points, neutralScore)), reasons }
}

/**
 * True when the customer should give its next pieces to somebody else and let this one go: it was refused what it was ready
 * to pay for, and nothing was served since (PROTOCOL 5.6). `retrievals` newest first.
 */
export function shouldDrop(retrievals: readonly Pick<RetrievalFact, 'outcome'>[]): boolean {
  const served = retrievals.findIndex(({ outcome }) => outcome === 'served')
  const since = served === -1 ? retrievals : retrievals.slice(0, served)
  return since.filter(({ outcome }) => outcome === 'refused').length >= 2
}

type Evidence = { readonly good: number; readonly bad: number }

/** From -1 (all bad) to 1 (all good), near 0 while there is little of either. */
function balance({ good, bad }: Evidence, doubtful: number): number {
  return (good - bad) / (good + bad + doubtful)
}

function points(name: ReasonName, share: number): number {
  const [least, most] = reasonBounds[name]
  const within = Math.max(-1, Math.min(1, share))
  return round(within < 0 ? -within * least : within * most)
}

function round(value: number): number {
  return Math.round(value * 100) / 100 + 0
}

function fade(periodsAgo: number): number {
  return 2 ** (-Math.max(0, periodsAgo) / halfLifePeriods)
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0)
}

function proofEvidence({ proofs }: ReputationFacts): Evidence {
  return {
    good: sum(proofs, ({ periodsAgo, proven, missed }) => (fade(periodsAgo) * proven) / Math.max(1, proven + missed)),
    bad: sum(
      proofs,
      ({ periodsAgo, proven, missed }) => (missedWeight * fade(periodsAgo) * missed) / Math.max(1, proven + missed),
    ),
  }
}

function auditEvidence(audits: readonly AuditFact[]): Evidence {
  return {
    good: sum(audits, ({ periodsAgo, right }) => fade(periodsAgo) * right),
    bad: sum(
      audits,
      ({ periodsAgo, late, wrong, silent }) =>
        fade(periodsAgo) * (lateWeight * late + wrongWeight * wrong + silentWeight * silent),
    ),
  }
}

/** Each customer speaks with its own weight however often it speaks, and all together with one voice at most. */
function othersShare(others: ReputationFacts['othersAudits']): number {
  const total = sum(others, ({ weight }) => weight)
  return sum(others, ({ weight, audits }) => weight * balance(auditEvidence(audits), doubt.audits)) / Math.max(1, total)
}

function downloadEvidence(retrievals: readonly RetrievalFact[]): Evidence {
  const of = (outcome: RetrievalFact['outcome']): number =>
    sum(retrievals, (one) => (one.outcome === outcome ? fade(one.periodsAgo) : 0))
  return { good: of('served'), bad: failedWeight * of('failed') }
}

function refusalShare(retrievals: readonly RetrievalFact[]): number {
  const refused = sum(retrievals, (one) => (one.outcome === 'refused' ? fade(one.periodsAgo) : 0))
  return -refused / (refused + doubt.refusals)
}

/** Eight times the promise is as good as it gets. */
function speedShare({ retrievals, minimumBytesPerSecond }: ReputationFacts): number {
  const promised = minimumBytesPerSecond > 0 ? minimumBytesPerSecond : modestBytesPerSecond
  const measured = retrievals.filter((one) => one.bytesPerSecond !== null && one.bytesPerSecond > 0)
  const weight = sum(measured, ({ periodsAgo }) => fade(periodsAgo))
  const steps = sum(
    measured,
    ({ periodsAgo, bytesPerSecond }) =>
      fade(periodsAgo) * Math.max(-1, Math.min(1, Math.log2((bytesPerSecond ?? 1) / promised) / 3)),
  )
  return steps / (weight + doubt.speeds)
}

function stakeShare(provisionWei: bigint, usualWei: bigint): number {
  if (provisionWei <= 0n) return 0
  return Number((provisionWei * 10_000n) / (provisionWei + (usualWei > 0n ? usualWei : provisionWei))) / 10_000
}
