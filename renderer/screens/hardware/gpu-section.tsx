import { Cpu } from 'lucide-react'
import type { ReactElement } from 'react'
import { Section } from '../../components/card.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { t } from '../../format/message.ts'
import { formatMemory } from '../../format/number.ts'
import type { Inventory } from '../../state/snapshot.ts'
import { ProbeNote } from './probe-note.tsx'

export function GpuSection({ inventory }: { inventory: Inventory }): ReactElement {
  return (
    <Section heading={t('hardware.gpus')}>
      <ProbeNote inventory={inventory} probe="gpus" />
      {inventory.gpus.length === 0 ? (
        <EmptyState icon={<Cpu />} title={t('hardware.gpus.none')} text={t('hardware.gpus.noneText')} />
      ) : (
        <ul className="card divide-y divide-line px-5">
          {inventory.gpus.map((gpu, index) => (
            <li key={`${gpu.model}-${index}`} className="py-4">
              <h3 className="font-semibold wrap-anywhere">{gpu.model}</h3>
              <p className="text-sm text-soft wrap-anywhere">
                {[gpu.vendor, memoryText(gpu.memoryBytes), driverText(gpu.driver)]
                  .filter((part) => part !== '')
                  .join(' · ')}
              </p>
            </li>
          ))}
        </ul>
      )}
    </Section>
  )
}

function memoryText(memoryBytes: number | null): string {
  return memoryBytes === null
    ? t('hardware.gpu.memoryUnknown')
    : t('hardware.gpu.memory', { memory: formatMemory(memoryBytes) })
}

function driverText(driver: string | null): string {
  return driver === null ? t('hardware.gpu.driverUnknown') : t('hardware.gpu.driver', { driver })
}
