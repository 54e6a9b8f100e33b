import type { ReactElement } from 'react'
import { BarChart } from '../../components/bar-chart.tsx'
import { t } from '../../format/message.ts'
import { describeWei, weiShare } from '../../format/money.ts'
import { formatDay, formatLongDay } from '../../format/time.ts'
import { useCurrency } from '../../state/snapshot.ts'

export type StorageDay = { readonly day: string; readonly proofs: number; readonly wei: string }

export function EarningsChart({ days }: { days: readonly StorageDay[] }): ReactElement {
  const currency = useCurrency()
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
export function bestDay(days: readonly StorageDay[]): StorageDay | null {
  return days.reduce<StorageDay | null>(
    (best, day) => (best === null || BigInt(day.wei) >= BigInt(best.wei) ? day : best),
    null,
  )
}
