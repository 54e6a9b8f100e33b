import type { ReactElement } from 'react'
import type { EarnedDay } from '../../components/earnings-chart.tsx'
import { EarningsDays } from '../../components/earnings-days.tsx'
import { Money } from '../../components/money.tsx'
import { t } from '../../format/message.ts'
import { localDay } from '../../format/time.ts'
import { useNow } from '../../state/clock.ts'
import { lastDays, refreshEarningDays, useEarningDays } from '../../state/earnings.ts'
import { useCurrency, useSnapshot } from '../../state/snapshot.ts'

/** What rendering brought by day, and in all. */
export function EarningsCard(): ReactElement {
  const resource = useEarningDays()
  const currency = useCurrency()
  const today = localDay(useNow(60_000))
  const wei = useSnapshot((snapshot) => snapshot.earnings?.byRole.render ?? '0')
  const { value } = resource
  const select = (count: number): readonly EarnedDay[] =>
    lastDays(value ?? [], count, today).map(({ day, byRole }) => ({ day, proofs: 0, wei: byRole.render ?? '0' }))
  return (
    <EarningsDays
      heading={t('render.earned.heading')}
      currency={currency}
      select={value === null ? null : select}
      failure={resource.failure}
      onRetry={() => void refreshEarningDays()}
    >
      <div className="mb-5">
        <p className="text-sm text-soft">{t('render.earned.total')}</p>
        <Money wei={wei} currency={currency} size="stat" testId="earned-total" />
      </div>
    </EarningsDays>
  )
}
