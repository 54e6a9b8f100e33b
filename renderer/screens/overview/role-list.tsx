import { ChevronRight } from 'lucide-react'
import type { ReactElement } from 'react'
import { Section } from '../../components/card.tsx'
import { Money } from '../../components/money.tsx'
import { StatusDot } from '../../components/status-dot.tsx'
import { t } from '../../format/message.ts'
import { screenHref, screens } from '../../state/route.ts'
import { useCurrency, useSnapshot } from '../../state/snapshot.ts'
import type { RoleView } from '../../state/snapshot.ts'

/** Every role that this version offers, running and earning apart. */
export function RoleList(): ReactElement {
  const roles = useSnapshot((snapshot) => snapshot.roles)
  const offered = roles.filter((view) => screens.some((screen) => screen === view.role))
  return (
    <Section heading={t('overview.roles')}>
      <ul className="flex flex-col gap-3">
        {offered.map((view) => (
          <RoleRow key={view.role} view={view} />
        ))}
      </ul>
    </Section>
  )
}

function RoleRow({ view }: { view: RoleView }): ReactElement {
  const currency = useCurrency()
  const screen = screens.find((name) => name === view.role) ?? 'overview'
  const running = view.process.kind === 'running'
  return (
    <li className="card relative flex items-center gap-4 p-5 transition-colors focus-within:bg-raised hover:bg-raised">
      <div className="min-w-0 flex-1">
        <h3 className="font-semibold">
          <a href={screenHref(screen)} className="rounded-card after:absolute after:inset-0 after:rounded-card">
            {t(`role.${view.role}`)}
          </a>
        </h3>
        <p className="mt-1.5 flex flex-wrap gap-x-5 gap-y-1 text-sm text-soft">
          <span className="inline-flex items-center gap-2">
            <StatusDot tone={running ? 'good' : view.process.kind === 'parked' ? 'bad' : 'plain'} />
            {t(`process.${view.process.kind}`)}
          </span>
          <span className="inline-flex items-center gap-2">
            <StatusDot tone={view.earning.earning ? 'ember' : 'plain'} />
            {view.earning.earning ? t('earning.yes') : t('earning.no')}
          </span>
        </p>
        {view.intent.on && !view.earning.earning && (
          <p className="mt-1.5 text-sm text-soft">{t(`earning.why.${view.earning.reason}`)}</p>
        )}
      </div>
      {currency.symbol !== '' && (
        <div className="text-right text-sm">
          <p className="text-soft">{t('overview.today')}</p>
          <Money wei={view.todayWei} currency={currency} />
        </div>
      )}
      <ChevronRight aria-hidden="true" className="size-5 shrink-0 text-soft" />
    </li>
  )
}
