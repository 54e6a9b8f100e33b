import { Coins } from 'lucide-react'
import type { ReactElement } from 'react'
import type { EarnedDay } from '../../components/earnings-chart.tsx'
import { EarningsDays } from '../../components/earnings-days.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { Page } from '../../components/page.tsx'
import { t } from '../../format/message.ts'
import { localDay } from '../../format/time.ts'
import { useNow } from '../../state/clock.ts'
import { lastDays, refreshEarningDays, useEarningDays } from '../../state/earnings.ts'
import { useFollowEarnings } from '../../state/earnings-overview.ts'
import { useCurrency, useSnapshot } from '../../state/snapshot.ts'
import { ClaimCard } from './claim-card.tsx'
import { DepositCard } from './deposit-card.tsx'
import { GasCard } from './gas-card.tsx'
import { LedgerCard } from './ledger-card.tsx'
import { NextCard } from './next-card.tsx'
import { SpansCard } from './spans-card.tsx'
import { VerifyCard } from './verify-card.tsx'
import { WeekCard } from './week-card.tsx'
import { WhereCard } from './where-card.tsx'

/** What came in, where it is, whether a claim pays, and every payment behind it. */
export function Earnings(): ReactElement {
  useFollowEarnings()
  const earnings = useSnapshot((snapshot) => snapshot.earnings)
  return (
    <Page title={t('earnings.title')} lead={t('earnings.lead')}>
      {earnings === null ? (
        <EmptyState icon={<Coins />} title={t('earnings.waiting')} text={t('earnings.waitingText')} />
      ) : (
        <>
          <ClaimCard earnings={earnings} />
          <WhereCard earnings={earnings} />
          <SpansCard />
          <AllDays />
          <div className="grid items-start gap-6 wide:grid-cols-2">
            <NextCard />
            <WeekCard />
          </div>
          <LedgerCard />
          <VerifyCard />
          <DepositCard claimableWei={earnings.claimableWei} />
          <GasCard />
        </>
      )}
    </Page>
  )
}

/** All kinds of work together, by day. */
function AllDays(): ReactElement {
  const { value, failure } = useEarningDays()
  const today = localDay(useNow(60_000))
  const select = (count: number): readonly EarnedDay[] =>
    lastDays(value ?? [], count, today).map(({ day, proofs, earnedWei }) => ({ day, proofs, wei: earnedWei }))
  return (
    <EarningsDays
      heading={t('earnings.days.heading')}
      currency={useCurrency()}
      select={value === null ? null : select}
      failure={failure}
      onRetry={() => void refreshEarningDays()}
    />
  )
}
