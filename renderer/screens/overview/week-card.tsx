import type { ReactElement } from 'react'
import { BarChart } from '../../components/bar-chart.tsx'
import { Section } from '../../components/card.tsx'
import { Skeleton } from '../../components/skeleton.tsx'
import { t } from '../../format/message.ts'
import { describeWei, highestWei, weiShare } from '../../format/money.ts'
import { formatDay, formatLongDay, localDay } from '../../format/time.ts'
import { useNow } from '../../state/clock.ts'
import { lastDays, useEarningDays } from '../../state/earnings.ts'
import type { Currency } from '../../state/selectors.ts'
import { useCurrency } from '../../state/snapshot.ts'
import type { EarningDay } from '../../state/snapshot.ts'

const daysShown = 7

/** The week as seven bars; once there is something to draw. */
export function WeekCard(): ReactElement | null {
  const currency = useCurrency()
  const { value, phase } = useEarningDays()
  const today = localDay(useNow(60_000))
  if (currency.symbol === '' || (value === null && phase === 'failed')) return null
  return (
    <Section heading={t('overview.weekChart')}>
      <div className="card p-5 pt-6">
        {value === null ? (
          <Skeleton className="h-34" />
        ) : (
          <Week days={lastDays(value, daysShown, today)} currency={currency} />
        )}
      </div>
    </Section>
  )
}

function Week({ days, currency }: { days: readonly EarningDay[]; currency: Currency }): ReactElement {
  const best = highestWei(days.map(({ earnedWei }) => earnedWei))
  const bars = days.map(({ day, earnedWei }) => ({
    key: day,
    share: weiShare(earnedWei, best),
    text: `${formatLongDay(day)}: ${describeWei(earnedWei, currency)}`,
  }))
  return (
    <>
      <BarChart
        description={t('overview.weekChart')}
        bars={bars}
        firstLabel={formatDay(days[0]?.day ?? '')}
        lastLabel={formatDay(days.at(-1)?.day ?? '')}
        hint={
          best === '0' ? t('storage.earned.none') : t('storage.earned.top', { amount: describeWei(best, currency) })
        }
        className="h-26"
      />
      <ul className="sr-only">
        {bars.map(({ key, text }) => (
          <li key={key}>{text}</li>
        ))}
      </ul>
    </>
  )
}
