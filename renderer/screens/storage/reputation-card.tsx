import type { ReactElement } from 'react'
import { Badge } from '../../components/badge.tsx'
import type { Tone } from '../../components/badge.tsx'
import { Card } from '../../components/card.tsx'
import { Facts } from '../../components/facts.tsx'
import { MeterBar } from '../../components/meter-bar.tsx'
import { hasMessage, t } from '../../format/message.ts'
import { formatBytesPerSecond, formatCount } from '../../format/number.ts'
import type { RoleView } from '../../state/snapshot.ts'
import { levelOf, movingReasons, tipsFor, type Reputation } from './improve-reputation.ts'

const tones: Readonly<Record<ReturnType<typeof levelOf>, Tone>> = { good: 'good', fair: 'plain', poor: 'warning' }

/** How reliable customers find this computer, why, and what would help. */
export function ReputationCard({ view }: { view: RoleView }): ReactElement {
  const reputation = view.status?.storage?.reputation ?? null
  if (reputation === null) {
    return (
      <Card heading={t('reputation.heading')}>
        <p className="text-soft">{t('reputation.none')}</p>
      </Card>
    )
  }
  const level = levelOf(reputation.score)
  const score = t('reputation.score', { score: formatCount(Math.round(reputation.score)) })
  return (
    <Card heading={t('reputation.heading')} aside={<Badge tone={tones[level]}>{t(`reputation.level.${level}`)}</Badge>}>
      <p className="mb-5 text-soft">{t('reputation.lead')}</p>
      <p data-testid="reputation-score" className="mb-2 text-xl font-semibold tracking-[-0.02em] tabular-nums">
        {score}
      </p>
      <MeterBar label={t('reputation.meter')} text={score} share={reputation.score / 100} />
      <div className="mt-6 grid gap-x-10 gap-y-6 wide:grid-cols-2">
        <Reasons reputation={reputation} />
        <div>
          <h3 className="mb-3 text-sm font-medium text-soft">{t('reputation.facts')}</h3>
          <Facts facts={knownFacts(reputation)} />
        </div>
      </div>
      <Tips reputation={reputation} />
      <p className="mt-5 border-t border-line pt-4 text-sm text-soft">{t('reputation.honest')}</p>
    </Card>
  )
}

function Reasons({ reputation }: { reputation: Reputation }): ReactElement {
  const reasons = movingReasons(reputation)
  return (
    <div>
      <h3 className="mb-3 text-sm font-medium text-soft">{t('reputation.why')}</h3>
      {reasons.length === 0 ? (
        <p className="text-soft">{t('reputation.nothing')}</p>
      ) : (
        <Facts
          facts={reasons.map(({ name, points }) => ({
            name: reasonText(name),
            value: <span className="tabular-nums">{t('reputation.points', { points })}</span>,
          }))}
        />
      )}
    </div>
  )
}

/** A reason that is newer than this window shows by its name. */
function reasonText(name: string): string {
  const key = `reputation.reason.${name}`
  return hasMessage(key) ? t(key) : name
}

function knownFacts(reputation: Reputation): { name: string; value: string }[] {
  const { proven, missed, audits, servedBytesPerSecond } = reputation
  const rounds = { proven: formatCount(proven), missed: formatCount(missed) }
  return [
    { name: t('reputation.fact.rounds'), value: t('reputation.fact.roundsValue', rounds) },
    { name: t('reputation.fact.void'), value: formatCount(reputation.void) },
    { name: t('reputation.fact.audits'), value: t('reputation.fact.auditsValue', audits) },
    {
      name: t('reputation.fact.speed'),
      value: servedBytesPerSecond === null ? t('value.unknown') : formatBytesPerSecond(servedBytesPerSecond),
    },
  ]
}

function Tips({ reputation }: { reputation: Reputation }): ReactElement {
  return (
    <div className="mt-6">
      <h3 className="text-sm font-medium text-soft">{t('reputation.better')}</h3>
      <ul className="mt-1.5 flex flex-col gap-1.5">
        {tipsFor(reputation).map((tip) => (
          <li key={tip}>{t(tip)}</li>
        ))}
      </ul>
    </div>
  )
}
