import type { ReactElement } from 'react'
import { ProblemList } from '../../components/problem-list.tsx'
import type { RoleView } from '../../state/snapshot.ts'
import { AboutCard } from './about-card.tsx'
import { DisksCard } from './disks-card.tsx'
import { AtRiskCard } from './at-risk-card.tsx'
import { EarningsCard } from './earnings-card.tsx'
import { HeldCard } from './held-card.tsx'
import { ExitCard } from './exit-card.tsx'
import { HoldingCard } from './holding-card.tsx'
import { LimitsCard } from './limits-card.tsx'
import { OwnFilesCard } from './own-files-card.tsx'
import { PiecesCard } from './pieces-card.tsx'
import { ProofsCard } from './proofs-card.tsx'
import { ReputationCard } from './reputation-card.tsx'
import { StatusCard } from './status-card.tsx'
import { VerdictCard } from './verdict-card.tsx'

/** While it is on: does it run, does it earn, what does it hold, what came of it. */
export function OnView({ view }: { view: RoleView }): ReactElement {
  return (
    <>
      <ProblemList problems={view.status?.problems ?? []} />
      <StatusCard view={view} />
      <div className="grid gap-6 wide:grid-cols-2">
        <HoldingCard view={view} />
        <ProofsCard view={view} />
      </div>
      <HeldCard view={view} />
      <ReputationCard view={view} />
      <EarningsCard />
      <AtRiskCard />
      <PiecesCard />
      <DisksCard view={view} />
      {view.intent.disks.length === 1 && <LimitsCard view={view} />}
      <VerdictCard intent={view.intent} />
      <ExitCard view={view} />
      <OwnFilesCard />
      <AboutCard on />
    </>
  )
}
