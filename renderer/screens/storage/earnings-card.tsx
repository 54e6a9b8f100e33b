import type { ReactElement } from 'react'
import type { EarnedDay } from '../../components/earnings-chart.tsx'
import { EarningsDays } from '../../components/earnings-days.tsx'
import { Money } from '../../components/money.tsx'
import { t } from '../../format/message.ts'
import { localDay } from '../../format/time.ts'
import { useNow } from '../../state/clock.ts'
import { lastDays, refreshEarningDays, useEarningDays } from '../../state/earnings.ts'
import { useCurrency, useSnapshot } from '../../state/snapshot.ts'

/** What storage brought by day, and in all. */
export function EarningsCard(): ReactElement {
  const resource = useEarningDays()
  const currency = useCurrency()
  const today = localDay(useNow(60_000))
  const { value } = resource
  const select = (count: number): readonly EarnedDay[] =>
    lastDays(value ?? [], count, today).map(({ day, proofs, byRole }) => ({ day, proofs, wei: byRole.storage ?? '0' }))
  return (
    <EarningsDays
      heading={t('storage.earned.heading')}
      currency={currency}
      select={value === null ? null : select}
      failure={resource.failure}
      onRetry={() => void refreshEarningDays()}
    >
      <Total />
    </EarningsDays>
  )
}

function Total(): ReactElement {
  const wei = useSnapshot((snapshot) => snapshot.earnings?.byRole.storage ?? '0')
  const rewards = useSnapshot((snapshot) => snapshot.earnings?.rewardsByRole.storage ?? '0')
  const currency = useCurrency()
  return (
    <div className="mb-5">
      <p className="text-sm text-soft">{t('storage.earned.total')}</p>
      <Money wei={wei} currency={currency} size="stat" testId="earned-total" />
      <dl className="mt-2 grid grid-cols-[auto_1fr] gap-x-4 text-sm text-soft">
        <dt>{t('storage.earned.fees')}</dt>
        <dd>
          <Money wei={(BigInt(wei) - BigInt(rewards)).toString()} currency={currency} marked={false} />
        </dd>
        <dt>{t('storage.earned.rewards')}</dt>
        <dd>
          <Money wei={rewards} currency={currency} marked={false} testId="earned-rewards" />
        </dd>
      </dl>
      <details className="mt-2 text-sm text-soft">
        <summary className="cursor-pointer">{t('storage.earned.how')}</summary>
        <p className="mt-2 max-w-prose">{t('storage.earned.howText')}</p>
      </details>
    </div>
  )
}
