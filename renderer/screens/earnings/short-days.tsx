import type { ReactElement } from 'react'
import { t } from '../../format/message.ts'

const dayMs = 86_400_000

/** Says that days and weeks are short where they are, as on the practice network, whose days are its epochs. */
export function ShortDays(props: { dayMs: number | undefined }): ReactElement | null {
  if (props.dayMs === undefined || props.dayMs === dayMs) return null
  const minutes = Math.max(1, Math.round(props.dayMs / 60_000))
  return <p className="mt-4 text-sm text-soft">{t('earnings.next.shortDays', { minutes })}</p>
}
