import { ScrollText } from 'lucide-react'
import { useState } from 'react'
import type { ReactElement } from 'react'
import { ActivityLine } from '../../components/activity-line.tsx'
import { Button } from '../../components/button.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { LoadFailure } from '../../components/load-failure.tsx'
import { Page } from '../../components/page.tsx'
import { Segments } from '../../components/segments.tsx'
import { SkeletonRows } from '../../components/skeleton.tsx'
import { t } from '../../format/message.ts'
import { filterActivity, loadOlderActivity, useActivityStore } from '../../state/activity.ts'
import type { ActivityFilter } from '../../state/activity.ts'
import { useNow } from '../../state/clock.ts'

const filters: readonly ActivityFilter[] = ['all', 'good', 'attention']

/** Everything that happened, newest first, with older entries on demand. */
export function ActivityScreen(): ReactElement {
  const [filter, setFilter] = useState<ActivityFilter>('all')
  const options = filters.map((value) => ({ value, label: t(`activity.filter.${value}`) }))
  const choice = <Segments label={t('activity.filter')} value={filter} options={options} onChoose={setFilter} />
  return (
    <Page title={t('activity.title')} lead={t('activity.lead')} aside={choice}>
      <Log filter={filter} />
      <Older />
    </Page>
  )
}

function Log({ filter }: { filter: ActivityFilter }): ReactElement {
  const entries = useActivityStore((state) => state.entries)
  const phase = useActivityStore((state) => state.phase)
  const nowMs = useNow(5_000)
  const shown = filterActivity(entries, filter)
  if (entries.length === 0 && phase === 'loading') return <SkeletonRows rows={8} />
  if (entries.length === 0 && phase === 'ready') {
    return <EmptyState icon={<ScrollText />} title={t('activity.empty')} text={t('activity.emptyText')} />
  }
  if (shown.length === 0)
    return <EmptyState icon={<ScrollText />} title={t('activity.emptyFilter')} text={t('activity.emptyFilterText')} />
  return (
    <ol aria-label={t('activity.title')} className="card divide-y divide-line px-5 py-1">
      {shown.map((entry) => (
        <ActivityLine key={entry.id} entry={entry} nowMs={nowMs} detailed />
      ))}
    </ol>
  )
}

function Older(): ReactElement | null {
  const count = useActivityStore((state) => state.entries.length)
  const phase = useActivityStore((state) => state.phase)
  const failure = useActivityStore((state) => state.failure)
  const complete = useActivityStore((state) => state.complete)
  if (failure !== null) return <LoadFailure failure={failure} onRetry={() => void loadOlderActivity()} />
  if (count === 0) return null
  if (complete) return <p className="text-center text-sm text-soft">{t('activity.end')}</p>
  return (
    <Button className="self-center" pending={phase === 'loading'} onClick={() => void loadOlderActivity()}>
      {t('action.showMore')}
    </Button>
  )
}
