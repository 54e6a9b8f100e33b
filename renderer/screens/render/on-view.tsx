import type { ReactElement } from 'react'
import { ProblemList } from '../../components/problem-list.tsx'
import type { RoleView } from '../../state/snapshot.ts'
import { AboutCard } from './about-card.tsx'
import { EarningsCard } from './earnings-card.tsx'
import { FitCard } from './fit-card.tsx'
import { ShareCard } from './share-card.tsx'
import { StatusCard } from './status-card.tsx'
import { UnitsCard } from './units-card.tsx'
import { WorkCard } from './work-card.tsx'

/** While it is on: what is on the easel, does it run, does it earn, what came of it. */
export function OnView({ view }: { view: RoleView }): ReactElement {
  return (
    <>
      <ProblemList problems={view.status?.problems ?? []} />
      <StatusCard view={view} />
      <WorkCard view={view} />
      <div className="grid gap-6 wide:grid-cols-2">
        <UnitsCard view={view} />
        <ShareCard view={view} />
      </div>
      <EarningsCard />
      <FitCard view={view} />
      <AboutCard on />
    </>
  )
}
