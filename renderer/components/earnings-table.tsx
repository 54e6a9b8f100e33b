import type { ReactElement } from 'react'
import { t } from '../format/message.ts'
import { formatWei } from '../format/money.ts'
import { formatCount } from '../format/number.ts'
import { formatLongDay } from '../format/time.ts'
import { DataTable } from './data-table.tsx'
import type { Column } from './data-table.tsx'
import type { EarnedDay, EarnedDaysProps } from './earnings-chart.tsx'

/** The chart's numbers, newest first. */
export function EarningsTable({ days, currency }: EarnedDaysProps): ReactElement {
  const { symbol, practice } = currency
  const unit = practice === true ? `${symbol}, ${t('money.practice')}` : symbol
  const columns: readonly Column<EarnedDay>[] = [
    { key: 'day', heading: t('storage.earned.day'), cell: ({ day }) => formatLongDay(day) },
    { key: 'proofs', heading: t('storage.earned.proofs'), align: 'end', cell: ({ proofs }) => formatCount(proofs) },
    {
      key: 'amount',
      heading: t('storage.earned.amount', { symbol: unit }),
      align: 'end',
      cell: ({ wei }) => formatWei(wei, { allDigits: true }),
    },
  ]
  return (
    <DataTable
      caption={t('storage.earned.heading')}
      columns={columns}
      rows={days.toReversed()}
      rowKey={({ day }) => day}
      className="max-h-[24rem] overflow-y-auto"
    />
  )
}
