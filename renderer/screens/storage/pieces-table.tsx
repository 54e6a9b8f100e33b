import type { ReactElement } from 'react'
import { Badge } from '../../components/badge.tsx'
import type { Tone } from '../../components/badge.tsx'
import { DataTable } from '../../components/data-table.tsx'
import type { Column } from '../../components/data-table.tsx'
import { Moment } from '../../components/moment.tsx'
import { shortenIdentifier } from '../../format/identifier.ts'
import { t } from '../../format/message.ts'
import { formatBytes, formatCount } from '../../format/number.ts'
import { useNow } from '../../state/clock.ts'
import { selectRole } from '../../state/selectors.ts'
import { useSnapshot } from '../../state/snapshot.ts'
import type { PieceRow } from '../../state/snapshot.ts'

const stateTones: Readonly<Record<PieceRow['state'], Tone>> = { pending: 'plain', held: 'good', damaged: 'bad' }

export function PiecesTable({ rows }: { rows: readonly PieceRow[] }): ReactElement {
  const nowMs = useNow(5_000)
  const currentPeriod = useSnapshot(
    (snapshot) => selectRole(snapshot, 'storage')?.status?.storage?.currentPeriod ?? null,
  )
  const columns: readonly Column<PieceRow>[] = [
    {
      key: 'piece',
      heading: t('storage.pieces.piece'),
      cell: ({ root }) => <span title={root}>{shortenIdentifier(root)}</span>,
    },
    {
      key: 'state',
      heading: t('storage.pieces.state'),
      cell: ({ state }) => <Badge tone={stateTones[state]}>{t(`storage.pieces.state.${state}`)}</Badge>,
    },
    {
      key: 'size',
      heading: t('storage.pieces.size'),
      align: 'end',
      cell: ({ lengthBytes }) => formatBytes(lengthBytes),
    },
    {
      key: 'customer',
      heading: t('storage.pieces.customer'),
      cell: ({ customer }) => <span title={customer}>{shortenIdentifier(customer)}</span>,
    },
    {
      key: 'proven',
      heading: t('storage.pieces.proven'),
      cell: ({ lastProvenPeriod }) => provenText(lastProvenPeriod, currentPeriod),
    },
    {
      key: 'stored',
      heading: t('storage.pieces.stored'),
      align: 'end',
      cell: ({ storedAtMs }) => <Moment atMs={storedAtMs} nowMs={nowMs} className="whitespace-nowrap" />,
    },
  ]
  return <DataTable caption={t('storage.pieces.heading')} columns={columns} rows={rows} rowKey={({ root }) => root} />
}

function provenText(period: number | null, currentPeriod: number | null): string {
  if (period === null) return t('storage.pieces.notProven')
  if (currentPeriod === null) return t('storage.proofs.round', { round: formatCount(period) })
  return t('storage.proofs.ago', { rounds: Math.max(0, currentPeriod - period) })
}
