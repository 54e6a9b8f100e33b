import type { ReactElement } from 'react'
import { Section } from '../../components/card.tsx'
import { Facts } from '../../components/facts.tsx'
import { t } from '../../format/message.ts'
import { formatMemory, formatPercent } from '../../format/number.ts'
import type { Inventory } from '../../state/snapshot.ts'
import { ProbeNote } from './probe-note.tsx'

export function PowerSection({ inventory }: { inventory: Inventory }): ReactElement {
  const { power } = inventory
  const unknown = t('value.unknown')
  const cores = power.cpuCores === null ? null : t('hardware.power.cores', { count: power.cpuCores })
  const facts = [
    {
      name: t('hardware.power.cpu'),
      value: [power.cpuModel, cores].filter((part) => part !== null).join(', ') || unknown,
    },
    { name: t('hardware.power.memory'), value: power.memoryBytes === null ? unknown : formatMemory(power.memoryBytes) },
    { name: t('hardware.power.source'), value: sourceText(power) },
  ]
  return (
    <Section heading={t('hardware.power')}>
      <ProbeNote inventory={inventory} probe="power" />
      <div className="card p-5">
        <Facts facts={facts} />
      </div>
    </Section>
  )
}

function sourceText({ onBattery, batteryPercent }: Inventory['power']): string {
  if (onBattery === null) return t('value.unknown')
  if (batteryPercent === null) return onBattery ? t('hardware.power.battery') : t('hardware.power.mains')
  const percent = formatPercent(batteryPercent / 100)
  return onBattery ? t('hardware.power.batteryPercent', { percent }) : t('hardware.power.mainsPercent', { percent })
}
