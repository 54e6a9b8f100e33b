import type { ReactElement } from 'react'
import { t } from '../format/message.ts'
import { formatCount } from '../format/number.ts'
import { Button } from './button.tsx'

/** Which rows of a long list are shown, and the way to the others. Nothing when all fit on one page. */
export function Pager(props: {
  /** Counted from zero. */
  page: number
  perPage: number
  total: number
  onPage: (page: number) => void
}): ReactElement | null {
  const { page, perPage, total, onPage } = props
  const lastPage = Math.max(0, Math.ceil(total / perPage) - 1)
  if (lastPage === 0) return null
  const shown = {
    from: formatCount(page * perPage + 1),
    to: formatCount(Math.min(total, (page + 1) * perPage)),
    total: formatCount(total),
  }
  return (
    <div className="mt-4 flex flex-wrap items-center justify-between gap-3">
      <p role="status" className="text-sm text-soft tabular-nums">
        {t('table.shown', shown)}
      </p>
      <div className="flex gap-2">
        <Button size="small" disabled={page === 0} onClick={() => onPage(page - 1)}>
          {t('table.previous')}
        </Button>
        <Button size="small" disabled={page >= lastPage} onClick={() => onPage(page + 1)}>
          {t('table.next')}
        </Button>
      </div>
    </div>
  )
}
