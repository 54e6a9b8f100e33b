import type { ReactElement } from 'react'
import { Card } from '../../components/card.tsx'
import { Facts } from '../../components/facts.tsx'
import { Money } from '../../components/money.tsx'
import { Stat, StatList } from '../../components/stat.tsx'
import { t } from '../../format/message.ts'
import { formatCount } from '../../format/number.ts'
import { useCurrency } from '../../state/snapshot.ts'
import type { RoleView } from '../../state/snapshot.ts'

/** How many parts were rendered, what became of them, and at which level this computer works. */
export function UnitsCard({ view }: { view: RoleView }): ReactElement {
  const render = view.status?.render ?? null
  const currency = useCurrency()
  const tier = render?.tier ?? null
  return (
    <Card heading={t('render.units.heading')}>
      <StatList>
        <Stat label={t('render.units.accepted')}>
          <span data-testid="units-accepted">{formatCount(render?.unitsAccepted ?? 0)}</span>
        </Stat>
        <Stat label={t('render.units.waiting')}>{formatCount(render?.unitsWaiting ?? 0)}</Stat>
        <Stat label={t('render.units.refused')}>{formatCount(render?.unitsRefused ?? 0)}</Stat>
      </StatList>
      <div className="mt-5 border-t border-line pt-4">
        <Facts
          facts={[
            {
              name: t('render.units.paid'),
              value: <Money wei={render?.paidWei ?? '0'} currency={currency} />,
            },
            {
              name: t('render.units.tier'),
              value: tier === null ? t('render.units.tierNone') : t('render.units.tierValue', { tier: tier + 1 }),
            },
          ]}
        />
        <p className="mt-3 text-sm text-soft">
          {t('render.units.paidHint')} {t('render.units.tierText')}
        </p>
      </div>
    </Card>
  )
}
