import { Boxes } from 'lucide-react'
import { useState } from 'react'
import type { ReactElement } from 'react'
import { Card } from '../../components/card.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { LoadFailure } from '../../components/load-failure.tsx'
import { Pager } from '../../components/pager.tsx'
import { SkeletonRows } from '../../components/skeleton.tsx'
import { t } from '../../format/message.ts'
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
          <Pager page={page} perPage={piecesPerPage} total={value.total} onPage={setPage} />
        </>
      )}
    </Card>
  )
}
