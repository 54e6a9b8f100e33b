import { useState } from 'react'
import type { ReactElement } from 'react'
import { Button } from '../../components/button.tsx'
import { Card } from '../../components/card.tsx'
import { LoadFailure } from '../../components/load-failure.tsx'
import { Money } from '../../components/money.tsx'
import { Segments } from '../../components/segments.tsx'
import { Skeleton } from '../../components/skeleton.tsx'
import { t } from '../../format/message.ts'
import { localDay } from '../../format/time.ts'
import { useNow } from '../../state/clock.ts'
import { lastDays, refreshEarningDays, useEarningDays } from '../../state/earnings.ts'
import { useCurrency, useSnapshot } from '../../state/snapshot.ts'
import { EarningsChart } from './earnings-chart.tsx'
import { EarningsTable } from './earnings-table.tsx'

const ranges = ['7', '30', '90'] as const

/** Earnings by day as bars, and the same numbers as a table. */
export function EarningsCard(): ReactElement {
  const [range, setRange] = useState<(typeof ranges)[number]>('30')
  const [asTable, setAsTable] = useState(false)
  const options = ranges.map((value) => ({ value, label: t('storage.earned.range', { days: Number(value) }) }))
  const controls = (
    <div className="flex flex-wrap items-center gap-3">
      <Segments label={t('storage.earned.rangeLabel')} value={range} options={options} onChoose={setRange} />
      <Button size="small" onClick={() => setAsTable(!asTable)}>
        {asTable ? t('storage.earned.showChart') : t('storage.earned.showTable')}
      </Button>
    </div>
  )
  return (
    <Card heading={t('storage.earned.heading')} aside={controls}>
      <Total />
      <Days count={Number(range)} asTable={asTable} />
    </Card>
  )
}

function Total(): ReactElement {
  const wei = useSnapshot((snapshot) => snapshot.earnings?.byRole.storage ?? '0')
  const rewards = useSnapshot((snapshot) => snapshot.earnings?.rewardsByRole.storage ?? '0')
  const currency = useCurrency()
  return (
    <div className="mb-5">
      <p className="text-sm text-soft">{t('storage.earned.total')}</p>
      <Money wei={wei} currency={currency} size="stat" testId="earned-total" />
      <dl className="mt-2 grid grid-cols-[auto_1fr] gap-x-4 text-sm text-soft">
        <dt>{t('storage.earned.fees')}</dt>
        <dd>
          <Money wei={(BigInt(wei) - BigInt(rewards)).toString()} currency={currency} marked={false} />
        </dd>
        <dt>{t('storage.earned.rewards')}</dt>
        <dd>
          <Money wei={rewards} currency={currency} marked={false} testId="earned-rewards" />
        </dd>
      </dl>
      <details className="mt-2 text-sm text-soft">
        <summary className="cursor-pointer">{t('storage.earned.how')}</summary>
        <p className="mt-2 max-w-prose">{t('storage.earned.howText')}</p>
      </details>
    </div>
  )
}

function Days({ count, asTable }: { count: number; asTable: boolean }): ReactElement {
  const resource = useEarningDays()
  const today = localDay(useNow(60_000))
  if (resource.value === null) {
    if (resource.failure !== null)
      return <LoadFailure failure={resource.failure} onRetry={() => void refreshEarningDays()} />
    return <Skeleton className="h-[12.9rem] w-full" />
  }
  const days = lastDays(resource.value, count, today).map(({ day, proofs, byRole }) => ({
    day,
    proofs,
    wei: byRole.storage ?? '0',
  }))
  return asTable ? <EarningsTable days={days} /> : <EarningsChart days={days} />
}
