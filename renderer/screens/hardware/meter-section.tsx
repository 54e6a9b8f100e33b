import { Zap } from 'lucide-react'
import type { ReactElement } from 'react'
import { Section } from '../../components/card.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { t } from '../../format/message.ts'
import type { Inventory } from '../../state/snapshot.ts'
import { ProbeNote } from './probe-note.tsx'

export function MeterSection({ inventory }: { inventory: Inventory }): ReactElement {
  return (
    <Section heading={t('hardware.meters')}>
      <ProbeNote inventory={inventory} probe="meters" />
      {inventory.meters.length === 0 ? (
        <EmptyState icon={<Zap />} title={t('hardware.meters.none')} text={t('hardware.meters.noneText')} />
      ) : (
        <ul className="card divide-y divide-line px-5">
          {inventory.meters.map((meter) => (
            <li key={meter.id} className="py-4">
              <h3 className="font-semibold wrap-anywhere">{meter.description}</h3>
              <p className="text-sm text-soft wrap-anywhere">{meter.id}</p>
            </li>
          ))}
        </ul>
      )}
    </Section>
  )
}
