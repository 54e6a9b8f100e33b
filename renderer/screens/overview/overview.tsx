import type { ReactElement } from 'react'
import { Page } from '../../components/page.tsx'
import { t } from '../../format/message.ts'
import { EarningFigures } from './earning-figures.tsx'
import { NowCard } from './now-card.tsx'
import { RecentActivity } from './recent-activity.tsx'
import { RoleList } from './role-list.tsx'
import { WeekCard } from './week-card.tsx'

/** Are we earning now, how much, and if not, why. */
export function Overview(): ReactElement {
  return (
    <Page title={t('overview.title')}>
      <NowCard />
      <EarningFigures />
      <div className="grid gap-6 wide:grid-cols-2">
        <div className="flex flex-col gap-6">
          <RoleList />
          <WeekCard />
        </div>
        <RecentActivity />
      </div>
    </Page>
  )
}
