import { Boxes } from 'lucide-react'
import { useState } from 'react'
import type { ReactElement } from 'react'
import { Button } from '../../components/button.tsx'
import { Card } from '../../components/card.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { LoadFailure } from '../../components/load-failure.tsx'
import { SkeletonRows } from '../../components/skeleton.tsx'
import { t } from '../../format/message.ts'
import { formatCount } from '../../format/number.ts'
import { piecesPerPage, refreshPieces, usePieces } from '../../state/pieces.ts'
import { PiecesTable } from './pieces-table.tsx'

/** The pieces that this machine holds, a page at a time. */
export function PiecesCard(): ReactElement {
  const [page, setPage] = useState(0)
  const { value, failure } = usePieces(page)
  return (
    <Card heading={t('storage.pieces.heading')}>
      {failure !== null && <LoadFailure failure={failure} onRetry={() => void refreshPieces(page)} />}
      {value === null && failure === null && <SkeletonRows rows={3} />}
      {value !== null && value.total === 0 && (
        <EmptyState icon={<Boxes />} title={t('storage.pieces.none')} text={t('storage.pieces.noneText')} />
      )}
      {value !== null && value.total > 0 && (
        <>
          <PiecesTable rows={value.rows} />
          <Pager page={page} total={value.total} onPage={setPage} />
        </>
      )}
    </Card>
  )
}

function Pager({
  page,
  total,
  onPage,
}: {
  page: number
  total: number
  onPage: (page: number) => void
}): ReactElement | null {
  const lastPage = Math.max(0, Math.ceil(total / piecesPerPage) - 1)
  if (lastPage === 0) return null
  const shown = {
    from: formatCount(page * piecesPerPage + 1),
    to: formatCount(Math.min(total, (page + 1) * piecesPerPage)),
    total: formatCount(total),
  }
  return (
    <div className="mt-4 flex flex-wrap items-center justify-between gap-3">
      <p role="status" className="text-sm text-soft tabular-nums">
        {t('storage.pieces.shown', shown)}
      </p>
      <div className="flex gap-2">
        <Button size="small" disabled={page === 0} onClick={() => onPage(page - 1)}>
          {t('storage.pieces.previous')}
        </Button>
        <Button size="small" disabled={page >= lastPage} onClick={() => onPage(page + 1)}>
          {t('storage.pieces.next')}
        </Button>
      </div>
    </div>
  )
}
