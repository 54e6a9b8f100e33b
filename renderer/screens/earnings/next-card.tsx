import type { ReactElement } from 'react'
import { Card } from '../../components/card.tsx'
import { SkeletonRows } from '../../components/skeleton.tsx'
import { PracticeMark } from '../../components/practice-mark.tsx'
import { t } from '../../format/message.ts'
import { formatWei } from '../../format/money.ts'
import { useEarningsOverview } from '../../state/earnings-overview.ts'
import { useCurrency } from '../../state/snapshot.ts'
import type { EarningsOverview } from '../../state/snapshot.ts'
import { ShortDays } from './short-days.tsx'

/** What the next seven days may bring, as a range with its record so far, or why it is too early. */
export function NextCard(): ReactElement {
  const { value, failure } = useEarningsOverview()
  return (
    <Card heading={t('earnings.next.heading')}>
      {value !== null && <Estimate estimate={value.estimate} />}
      {value !== null && <ShortDays dayMs={value.dayMs} />}
      {value === null && failure === null && <SkeletonRows rows={2} />}
      {value === null && failure !== null && <p className="text-soft">{t('value.unknown')}</p>}
    </Card>
  )
}

function Estimate({ estimate }: { estimate: EarningsOverview['estimate'] }): ReactElement {
  if (estimate.kind === 'tooEarly') {
    const days = { needed: estimate.daysNeeded, seen: estimate.daysSeen }
    return (
      <div data-testid="estimate" data-kind="tooEarly">
        <p className="text-xl font-semibold tracking-[-0.02em]">{t('earnings.next.early')}</p>
        <p className="mt-1.5 text-soft">{t('earnings.next.earlyText', days)}</p>
      </div>
    )
  }
  return (
    <div data-testid="estimate" data-kind="range">
      <p className="text-sm text-soft">{t('earnings.next.range')}</p>
      <Between lowWei={estimate.lowWei} highWei={estimate.highWei} />
      <p className="mt-2 text-soft">{t('earnings.next.basis', { days: estimate.basisDays })}</p>
      <p className="mt-1 text-soft">
        {estimate.pastHits === null ? t('earnings.next.noHits') : t('earnings.next.hits', estimate.pastHits)}
      </p>
    </div>
  )
}

function Between({ lowWei, highWei }: { lowWei: string; highWei: string }): ReactElement {
  const { symbol, practice } = useCurrency()
  const between = t('earnings.next.between', { low: formatWei(lowWei), high: `${formatWei(highWei)} ${symbol}` })
  return (
    <p className="mt-1 flex flex-wrap items-baseline gap-x-3 gap-y-1 text-xl font-semibold tracking-[-0.02em] tabular-nums">
      {between}
      {practice === true && <PracticeMark label={t('money.practice')} />}
    </p>
  )
}
