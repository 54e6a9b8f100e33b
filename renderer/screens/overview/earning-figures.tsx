import type { ReactElement, ReactNode } from 'react'
import { Money } from '../../components/money.tsx'
import { PracticeMark } from '../../components/practice-mark.tsx'
import { Skeleton } from '../../components/skeleton.tsx'
import { t } from '../../format/message.ts'
import { sumWei } from '../../format/money.ts'
import { localDay } from '../../format/time.ts'
import { useNow } from '../../state/clock.ts'
import { lastDays, useEarningDays } from '../../state/earnings.ts'
import { useCurrency, useSnapshot } from '../../state/snapshot.ts'

/** Four figures: the week, all time, on its way, ready. Each says what it means. */
export function EarningFigures(): ReactElement {
  const earnings = useSnapshot((snapshot) => snapshot.earnings)
  const currency = useCurrency()
  const days = useEarningDays()
  const today = localDay(useNow(60_000))
  const settled = useSnapshot(({ network }) => network.kind === 'none' || network.kind === 'failed')
  const weekWei =
    days.value === null || earnings === null ? null : sumWei(lastDays(days.value, 7, today).map((day) => day.earnedWei))
  const amount = (wei: string | null, testId?: string): ReactNode => {
    if (wei !== null) return <Money wei={wei} currency={currency} size="stat" marked={false} testId={testId} />
    return settled ? <span className="text-2xl text-soft">{t('money.none')}</span> : <Skeleton className="h-8 w-32" />
  }
  return (
    <dl className="grid gap-4 rail:grid-cols-2 wide:grid-cols-4">
      <Figure label={t('overview.week')} hint={t('overview.weekHint')}>
        {amount(weekWei)}
      </Figure>
      <Figure label={t('overview.total')} hint={t('overview.totalHint')}>
        {amount(earnings?.earnedWei ?? null, 'earned-total')}
      </Figure>
      <Figure label={t('overview.accruing')} hint={t('overview.accruingHint')}>
        {amount(earnings?.accruingWei ?? null)}
      </Figure>
      <Figure label={t('overview.claimable')} hint={t('overview.claimableHint')}>
        {amount(earnings?.claimableWei ?? null)}
      </Figure>
    </dl>
  )
}

function Figure({ label, hint, children }: { label: string; hint: string; children: ReactNode }): ReactElement {
  const { practice } = useCurrency()
  return (
    <div className="card flex flex-col p-5">
      <dt className="flex min-h-6 flex-wrap items-center justify-between gap-x-3 text-sm font-medium text-soft">
        {label}
        {practice === true && <PracticeMark label={t('money.practice')} />}
      </dt>
      <dd className="mt-2 min-h-9">{children}</dd>
      <dd className="mt-auto pt-2 text-sm text-soft">{hint}</dd>
    </div>
  )
}
