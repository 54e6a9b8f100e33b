import type { ReactElement } from 'react'
import { t } from '../format/message.ts'
import { describeWei, weiShare } from '../format/money.ts'
import { formatDay, formatLongDay } from '../format/time.ts'
import { BarChart } from './bar-chart.tsx'
import type { MoneyProps } from './money.tsx'

/** What one local day brought; `proofs` counts what was shown to the network for it. */
export type EarnedDay = { readonly day: string; readonly proofs: number; readonly wei: string }

export type EarnedDaysProps = { readonly days: readonly EarnedDay[]; readonly currency: MoneyProps['currency'] }

/** Earnings by day as bars, oldest first; `EarningsTable` is its twin in words. */
export function EarningsChart({ days, currency }: EarnedDaysProps): ReactElement {
  const best = bestDay(days)
  const first = days[0]
  const last = days.at(-1)
  if (first === undefined || last === undefined || best === null)
    return <p className="text-soft">{t('storage.earned.none')}</p>
  const amount = (wei: string): string => describeWei(wei, currency)
  const isEmpty = best.wei === '0'
  const description = isEmpty
    ? t('storage.earned.chartEmpty')
    : t('storage.earned.chart', {
        from: formatLongDay(first.day),
        to: formatLongDay(last.day),
        best: formatLongDay(best.day),
        amount: amount(best.wei),
      })
  const bars = days.map(({ day, wei }) => ({
    key: day,
    share: weiShare(wei, best.wei),
    text: `${formatLongDay(day)}: ${amount(wei)}`,
  }))
  const hint = isEmpty ? t('storage.earned.none') : t('storage.earned.top', { amount: amount(best.wei) })
  return (
    <BarChart
      description={description}
      bars={bars}
      firstLabel={formatDay(first.day)}
      lastLabel={formatDay(last.day)}
      hint={hint}
    />
  )
}

/** The day with the highest amount; the latest of equals. */
export function bestDay(days: readonly EarnedDay[]): EarnedDay | null {
  return days.reduce<EarnedDay | null>(
    (best, day) => (best === null || BigInt(day.wei) >= BigInt(best.wei) ? day : best),
    null,
  )
}
