import type { MessageKey } from '../../format/message.ts'
import type { RoleView } from '../../state/snapshot.ts'

/** A provider's reputation as its worker tells it. */
export type Reputation = NonNullable<NonNullable<NonNullable<RoleView['status']>['storage']>['reputation']>

/** Where a score stands, for people who do not think in points. */
export function levelOf(score: number): 'good' | 'fair' | 'poor' {
  if (score >= 60) return 'good'
  return score >= 45 ? 'fair' : 'poor'
}

/** The reasons that moved the score, the heaviest first. */
export function movingReasons(reputation: Pick<Reputation, 'reasons'>): Reputation['reasons'] {
  return reputation.reasons
    .filter(({ points }) => points !== 0)
    .toSorted((left, right) => Math.abs(right.points) - Math.abs(left.points))
}

/** What the person could do, the most useful first; never empty. */
export function tipsFor({ missed, lastMissCause, audits }: Reputation): MessageKey[] {
  const tips: MessageKey[] = []
  if (missed > 0 && lastMissCause !== null) tips.push(`reputation.tip.${lastMissCause}`)
  if (audits.right < audits.asked) tips.push('reputation.tip.audits')
  return tips.length > 0 ? tips : ['reputation.tip.time']
}
