import { Cable, Network, Wifi } from 'lucide-react'
import type { LucideIcon } from 'lucide-react'
import type { ReactElement } from 'react'
import { Section } from '../../components/card.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { StatusDot } from '../../components/status-dot.tsx'
import { t } from '../../format/message.ts'
import { formatBitsPerSecond } from '../../format/number.ts'
import type { Inventory } from '../../state/snapshot.ts'
import { ProbeNote } from './probe-note.tsx'

type Interface = Inventory['network'][number]

const icons: Readonly<Record<Interface['kind'], LucideIcon>> = {
  wired: Cable,
  wireless: Wifi,
  virtual: Network,
  unknown: Network,
}

export function NetworkSection({ inventory }: { inventory: Inventory }): ReactElement {
  return (
    <Section heading={t('hardware.network')}>
      <ProbeNote inventory={inventory} probe="network" />
      {inventory.network.length === 0 ? (
        <EmptyState icon={<Network />} title={t('hardware.network.none')} text={t('hardware.network.noneText')} />
      ) : (
        <ul className="card divide-y divide-line px-5">
          {inventory.network.map((link) => (
            <InterfaceRow key={link.name} link={link} />
          ))}
        </ul>
      )}
    </Section>
  )
}

function InterfaceRow({ link }: { link: Interface }): ReactElement {
  const Icon = icons[link.kind]
  const speed =
    link.speedBitsPerSecond === null ? t('hardware.network.speedUnknown') : formatBitsPerSecond(link.speedBitsPerSecond)
  return (
    <li className="flex items-center gap-4 py-4">
      <Icon aria-hidden="true" className="size-5 shrink-0 text-soft" />
      <div className="min-w-0 flex-1">
        <h3 className="font-semibold wrap-anywhere">{link.name}</h3>
        <p className="text-sm text-soft wrap-anywhere">
          {[t(`hardware.network.kind.${link.kind}`), speed].join(' · ')}
          <br />
          {link.addresses.length === 0 ? t('hardware.network.noAddress') : link.addresses.join(', ')}
        </p>
      </div>
      <p className="inline-flex items-center gap-2 text-sm">
        <StatusDot tone={link.up ? 'good' : 'plain'} />
        {link.up ? t('hardware.network.up') : t('hardware.network.down')}
      </p>
    </li>
  )
}
