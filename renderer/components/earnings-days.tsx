import { useState } from 'react'
import type { ReactElement, ReactNode } from 'react'
import { t } from '../format/message.ts'
import { Button } from './button.tsx'
import { Card } from './card.tsx'
import { EarningsChart } from './earnings-chart.tsx'
import type { EarnedDay, EarnedDaysProps } from './earnings-chart.tsx'
import { EarningsTable } from './earnings-table.tsx'
import { LoadFailure } from './load-failure.tsx'
import { Segments } from './segments.tsx'
import { Skeleton } from './skeleton.tsx'

const ranges = ['7', '30', '90'] as const

type EarningsDaysProps = {
  readonly heading: string
  readonly currency: EarnedDaysProps['currency']
  /** The last so many days, oldest first; null while they are loading. */
  readonly select: ((count: number) => readonly EarnedDay[]) | null
  readonly failure: Parameters<typeof LoadFailure>[0]['failure'] | null
  readonly onRetry: () => void
  /** Stands above the chart. */
  readonly children?: ReactNode
}

/** A card with earnings by day as bars, and the same numbers as a table. */
export function EarningsDays(props: EarningsDaysProps): ReactElement {
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
    <Card heading={props.heading} aside={controls}>
      {props.children}
      <Days {...props} count={Number(range)} asTable={asTable} />
    </Card>
  )
}

function Days(props: EarningsDaysProps & { readonly count: number; readonly asTable: boolean }): ReactElement {
  const { select, failure, currency } = props
  if (select === null) {
    if (failure !== null) return <LoadFailure failure={failure} onRetry={props.onRetry} />
    return <Skeleton className="h-[12.9rem] w-full" />
  }
  const shown = { days: select(props.count), currency }
  return props.asTable ? <EarningsTable {...shown} /> : <EarningsChart {...shown} />
}
