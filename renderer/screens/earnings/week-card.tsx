import type { ReactElement } from 'react'
import { Card } from '../../components/card.tsx'
import { Facts } from '../../components/facts.tsx'
import { Money } from '../../components/money.tsx'
import { SkeletonRows } from '../../components/skeleton.tsx'
import { t } from '../../format/message.ts'
import { useEarningsOverview } from '../../state/earnings-overview.ts'
import { useCurrency } from '../../state/snapshot.ts'
import type { EarningsOverview } from '../../state/snapshot.ts'
import { compareWeeks, describeReason } from './describe-week.ts'
import { ShortDays } from './short-days.tsx'

/** This week against the one before, and the causes that were recorded for a difference. */
export function WeekCard(): ReactElement {
  const { value, failure } = useEarningsOverview()
  return (
    <Card heading={t('earnings.week.heading')}>
      {value !== null &&
        (value.week === null ? <p className="text-soft">{t('earnings.week.none')}</p> : <Weeks week={value.week} />)}
      {value !== null && <ShortDays dayMs={value.dayMs} />}
      {value === null && failure === null && <SkeletonRows rows={2} />}
      {value === null && failure !== null && <p className="text-soft">{t('value.unknown')}</p>}
    </Card>
  )
}

function Weeks({ week }: { week: NonNullable<EarningsOverview['week']> }): ReactElement {
  const currency = useCurrency()
  const { words, isLess } = compareWeeks(week)
  return (
    <div data-testid="week" data-less={isLess}>
      <p className="mb-4 text-xl font-semibold tracking-[-0.02em]">{words}</p>
      <Facts
        facts={[
          { name: t('earnings.week.this'), value: <Money wei={week.thisWei} currency={currency} /> },
          { name: t('earnings.week.last'), value: <Money wei={week.lastWei} currency={currency} /> },
        ]}
      />
      {isLess && <Reasons reasons={week.reasons} />}
    </div>
  )
}

function Reasons({ reasons }: { reasons: NonNullable<EarningsOverview['week']>['reasons'] }): ReactElement {
  const currency = useCurrency()
  return (
    <div className="mt-5 border-t border-line pt-4">
      <h3 className="text-sm font-medium text-soft">{t('earnings.week.why')}</h3>
      {reasons.length === 0 ? (
        <p className="mt-1.5">{t('earnings.week.noReason')}</p>
      ) : (
        <ol className="mt-1.5 flex flex-col gap-1.5">
          {reasons.map((reason) => (
            <li key={reason.code}>{describeReason(reason, currency)}</li>
          ))}
        </ol>
      )}
    </div>
  )
}
