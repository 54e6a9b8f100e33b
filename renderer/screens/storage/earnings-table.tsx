import type { ReactElement } from 'react'
import { DataTable } from '../../components/data-table.tsx'
import type { Column } from '../../components/data-table.tsx'
import { t } from '../../format/message.ts'
import { formatWei } from '../../format/money.ts'
import { formatCount } from '../../format/number.ts'
import { formatLongDay } from '../../format/time.ts'
import { useCurrency } from '../../state/snapshot.ts'
import type { StorageDay } from './earnings-chart.tsx'

/** The chart's numbers, newest first. */
export function EarningsTable({ days }: { days: readonly StorageDay[] }): ReactElement {
  const { symbol, practice } = useCurrency()
  const unit = practice === true ? `${symbol}, ${t('money.practice')}` : symbol
  const columns: readonly Column<StorageDay>[] = [
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
