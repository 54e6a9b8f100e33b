import { Sparkles } from 'lucide-react'
import type { ReactElement } from 'react'
import { ActivityLine } from '../../components/activity-line.tsx'
import { Section } from '../../components/card.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { LoadFailure } from '../../components/load-failure.tsx'
import { SkeletonRows } from '../../components/skeleton.tsx'
import { t } from '../../format/message.ts'
import { loadOlderActivity, useActivityStore } from '../../state/activity.ts'
import { useNow } from '../../state/clock.ts'
import { screenHref } from '../../state/route.ts'

const shown = 5

/** The latest few entries of the log. */
export function RecentActivity(): ReactElement {
  const link = (
    <a
      href={screenHref('activity')}
      className="inline-flex min-h-8 items-center text-sm font-medium text-ember underline underline-offset-4"
    >
      {t('overview.recentAll')}
    </a>
  )
  return (
    <Section heading={t('overview.recent')} aside={link}>
      <Entries />
    </Section>
  )
}

function Entries(): ReactElement {
  const entries = useActivityStore((state) => state.entries)
  const phase = useActivityStore((state) => state.phase)
  const failure = useActivityStore((state) => state.failure)
  const nowMs = useNow(5_000)
  if (entries.length === 0 && phase === 'loading') return <SkeletonRows rows={3} />
  if (entries.length === 0 && failure !== null) {
    return <LoadFailure failure={failure} onRetry={() => void loadOlderActivity()} />
  }
  if (entries.length === 0)
    return <EmptyState icon={<Sparkles />} title={t('activity.empty')} text={t('overview.recentEmpty')} />
  return (
    <ol className="card divide-y divide-line px-5 py-1">
      {entries.slice(0, shown).map((entry) => (
        <ActivityLine key={entry.id} entry={entry} nowMs={nowMs} />
      ))}
    </ol>
  )
}
