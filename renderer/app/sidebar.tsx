import { Activity, Brush, Coins, Database, Flame, Gauge, Settings, WalletMinimal } from 'lucide-react'
import type { LucideIcon } from 'lucide-react'
import type { ReactElement } from 'react'
import { cn } from '../components/cn.ts'
import { Logo } from '../components/logo.tsx'
import { t } from '../format/message.ts'
import { screenHref, screens } from '../state/route.ts'
import type { ScreenName } from '../state/route.ts'
import { NetworkCard } from './network-card.tsx'
import { PauseControl } from './pause-control.tsx'

const icons: Readonly<Record<ScreenName, LucideIcon>> = {
  overview: Flame,
  hardware: Gauge,
  storage: Database,
  render: Brush,
  earnings: Coins,
  wallet: WalletMinimal,
  activity: Activity,
  settings: Settings,
}

/** Navigation and what is true on every screen: the network, and the pause over all work. */
export function Sidebar({ screen }: { screen: ScreenName }): ReactElement {
  return (
    <header className="z-10 flex flex-col border-b border-line bg-rail rail:fixed rail:inset-y-0 rail:left-0 rail:w-24 rail:overflow-y-auto rail:border-r rail:border-b-0 wide:w-64">
      <div className="hidden items-center gap-3 px-6 pt-7 pb-6 rail:flex rail:justify-center rail:px-2 wide:justify-start wide:px-6">
        <Logo className="h-9" />
        <span className="hidden text-xl font-semibold tracking-[-0.03em] wide:inline">{t('app.name')}</span>
      </div>
      <nav aria-label={t('nav.label')} className="p-2 rail:px-2 wide:px-4">
        <ul className="flex flex-wrap gap-1 rail:flex-col">
          {screens.map((name) => (
            <NavItem key={name} name={name} current={name === screen} />
          ))}
        </ul>
      </nav>
      <div className="flex flex-col gap-3 px-2 pb-2 rail:mt-auto rail:pt-6 rail:pb-4 wide:px-4 wide:pb-5">
        <PauseControl />
        <NetworkCard />
      </div>
    </header>
  )
}

function NavItem({ name, current }: { name: ScreenName; current: boolean }): ReactElement {
  const Icon = icons[name]
  return (
    <li>
      <a
        href={screenHref(name)}
        aria-current={current ? 'page' : undefined}
        className={cn(
          'flex min-h-11 items-center gap-2 rounded-xl px-3 font-medium text-soft transition-colors hover:bg-surface hover:text-ink rail:flex-col rail:justify-center rail:gap-1 rail:px-1 rail:py-2 rail:text-xs wide:flex-row wide:justify-start wide:gap-3 wide:px-3.5 wide:text-[0.9375rem]',
          current && 'bg-surface text-ink shadow-card ring-1 ring-line forced-colors:outline-2',
        )}
      >
        <Icon aria-hidden="true" className={cn('size-5', current && 'text-ember')} strokeWidth={2} />
        {t(`nav.${name}`)}
      </a>
    </li>
  )
}
