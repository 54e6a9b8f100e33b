import type { ReactElement } from 'react'
import { t } from '../format/message.ts'
import { formatWei } from '../format/money.ts'
import { PracticeMark } from './practice-mark.tsx'
import { cn } from './cn.ts'

export type MoneyProps = {
  readonly wei: string
  readonly currency: { readonly symbol: string; readonly practice: boolean | null }
  /** `hero` for the one amount of a page, `stat` for figures, `inline` in a line of text. */
  readonly size?: 'hero' | 'stat' | 'inline'
  readonly onHearth?: boolean
  /** False where the owner shows the practice mark itself, right beside the amount. */
  readonly marked?: boolean
  readonly testId?: string
}

const amountLook = {
  hero: 'text-[clamp(2.5rem,8vw,3.75rem)] leading-none font-semibold tracking-[-0.045em]',
  stat: 'text-2xl font-semibold tracking-[-0.02em]',
  inline: 'font-medium',
}
const symbolLook = { hero: 'text-xl font-medium', stat: 'text-sm font-medium', inline: '' }

/** An amount with its symbol; on a practice network always marked as worthless. */
export function Money({
  wei,
  currency,
  size = 'inline',
  onHearth = false,
  marked = true,
  testId,
}: MoneyProps): ReactElement {
  return (
    <span className="inline-flex flex-wrap items-baseline gap-x-2 gap-y-1">
      <span data-testid={testId} data-wei={wei} className={cn('tabular-nums', amountLook[size])}>
        {formatWei(wei)}
        {currency.symbol !== '' && (
          <span className={cn('ml-1.5 tracking-normal', symbolLook[size], onHearth ? 'text-cream-soft' : 'text-soft')}>
            {currency.symbol}
          </span>
        )}
      </span>
      {marked && currency.practice === true && (
        <PracticeMark onHearth={onHearth} label={size === 'hero' ? t('money.worthless') : t('money.practice')} />
      )}
    </span>
  )
}
