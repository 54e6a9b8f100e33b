import type { ReactElement } from 'react'
import { t } from '../format/message.ts'
import { formatExact, formatRelative } from '../format/time.ts'

/** A moment relative to now, with the exact time for machines and on hover. */
export function Moment({
  atMs,
  nowMs,
  className,
}: {
  atMs: number | null
  nowMs: number
  className?: string
}): ReactElement {
  if (atMs === null) return <span className={className}>{t('time.never')}</span>
  return (
    <time dateTime={new Date(atMs).toISOString()} title={formatExact(atMs)} className={className}>
      {formatRelative(atMs, nowMs)}
    </time>
  )
}
