import type { ReactElement } from 'react'
import { t } from '../format/message.ts'
import { cn } from './cn.ts'

/** Marks an amount or a network as practice. The short label is read out in full. */
export function PracticeMark({ label, onHearth = false }: { label?: string; onHearth?: boolean }): ReactElement {
  const full = t('money.practiceTitle')
  const shown = label ?? full
  return (
    <span
      title={full}
      className={cn(
        'inline-flex items-center self-center rounded-full border border-dashed px-2 py-px text-xs font-medium whitespace-nowrap',
        onHearth ? 'border-cream-soft text-cream-soft' : 'border-edge text-soft',
      )}
    >
      <span aria-hidden={shown !== full || undefined}>{shown}</span>
      {shown !== full && <span className="sr-only">{full}</span>}
    </span>
  )
}
