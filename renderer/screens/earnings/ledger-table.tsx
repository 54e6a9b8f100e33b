import type { ReactElement } from 'react'
import { Button } from '../../components/button.tsx'
import { DataTable } from '../../components/data-table.tsx'
import type { Column } from '../../components/data-table.tsx'
import { RecordMark } from '../../components/identifier.tsx'
import { Moment } from '../../components/moment.tsx'
import { t } from '../../format/message.ts'
import { formatWei } from '../../format/money.ts'
import { useNow } from '../../state/clock.ts'
import { useCurrency } from '../../state/snapshot.ts'
import type { LedgerRow } from '../../state/snapshot.ts'
import { describeRow, signedAmount } from './describe-row.ts'

type LedgerTableProps = { readonly rows: readonly LedgerRow[]; readonly onDetails: (row: LedgerRow) => void }

/** One page of payments: what for, how much, and the record on the network to copy. */
export function LedgerTable({ rows, onDetails }: LedgerTableProps): ReactElement {
  const nowMs = useNow(5_000)
  const { symbol, practice } = useCurrency()
  const unit = practice === true ? `${symbol}, ${t('money.practice')}` : symbol
  const columns: readonly Column<LedgerRow>[] = [
    { key: 'when', heading: t('ledger.when'), cell: ({ atMs }) => <Moment atMs={atMs} nowMs={nowMs} /> },
    { key: 'what', heading: t('ledger.what'), cell: (row) => describeRow(row) },
    { key: 'role', heading: t('ledger.role'), cell: ({ role }) => (role === null ? '' : t(`role.${role}`)) },
    {
      key: 'amount',
      heading: t('ledger.amount', { symbol: unit }),
      align: 'end',
      cell: ({ amountWei }) => signedAmount(amountWei),
    },
    {
      key: 'burned',
      heading: t('ledger.burned'),
      align: 'end',
      cell: ({ burnedWei }) => (burnedWei === '0' ? '' : formatWei(burnedWei, { allDigits: true })),
    },
    { key: 'record', heading: t('ledger.record'), cell: (row) => <Record row={row} /> },
    {
      key: 'details',
      heading: t('ledger.more'),
      cell: (row) => (
        <Button
          size="small"
          tone="quiet"
          className="px-1.5"
          aria-label={detailsLabel(row)}
          onClick={() => onDetails(row)}
        >
          {t('ledger.more')}
        </Button>
      ),
    },
  ]
  return <DataTable caption={t('ledger.heading')} columns={columns} rows={rows} rowKey={({ id }) => id} />
}

function Record({ row }: { row: LedgerRow }): ReactElement {
  if (row.transactionHash === null) return <span className="text-soft">{t('ledger.noRecord')}</span>
  return <RecordMark hash={row.transactionHash} copyLabel={t('ledger.copyRecord')} />
}

function detailsLabel(row: LedgerRow): string {
  return `${t('ledger.more')}: ${describeRow(row)}`
}
