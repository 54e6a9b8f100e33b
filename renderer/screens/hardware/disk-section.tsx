import { HardDrive } from 'lucide-react'
import type { ReactElement } from 'react'
import { Badge } from '../../components/badge.tsx'
import type { Tone } from '../../components/badge.tsx'
import { Section } from '../../components/card.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { MeterBar } from '../../components/meter-bar.tsx'
import { diskName } from '../../format/disk.ts'
import { t } from '../../format/message.ts'
import { formatBytes } from '../../format/number.ts'
import { useSnapshot } from '../../state/snapshot.ts'
import type { Disk, Inventory, Suitability } from '../../state/snapshot.ts'
import { ProbeNote } from './probe-note.tsx'

const healthTones: Readonly<Record<Disk['health'], Tone>> = { ok: 'good', failing: 'bad', unknown: 'plain' }

/** Above this share a disk counts as nearly full and its bar says so. */
const nearlyFullShare = 0.92

export function DiskSection({ inventory }: { inventory: Inventory }): ReactElement {
  const suitability = useSnapshot((snapshot) => snapshot.suitability)
  return (
    <Section heading={t('hardware.disks')}>
      <ProbeNote inventory={inventory} probe="disks" />
      {inventory.disks.length === 0 ? (
        <EmptyState icon={<HardDrive />} title={t('hardware.disks.none')} text={t('hardware.disks.noneText')} />
      ) : (
        <ul className="grid gap-4 wide:grid-cols-2">
          {inventory.disks.map((disk) => (
            <DiskCard
              key={disk.mount}
              disk={disk}
              suitability={suitability.find(({ mount }) => mount === disk.mount) ?? null}
            />
          ))}
        </ul>
      )}
    </Section>
  )
}

function DiskCard({ disk, suitability }: { disk: Disk; suitability: Suitability | null }): ReactElement {
  const usedShare = disk.sizeBytes > 0 ? 1 - disk.freeBytes / disk.sizeBytes : 0
  const text = t('hardware.disk.free', { free: formatBytes(disk.freeBytes), size: formatBytes(disk.sizeBytes) })
  return (
    <li className="card flex flex-col gap-4 p-5" data-testid="disk">
      <div className="flex items-start gap-3.5">
        <span aria-hidden="true" className="grid size-11 shrink-0 place-items-center rounded-xl bg-glow text-ember">
          <HardDrive className="size-5" />
        </span>
        <div className="min-w-0 flex-1">
          <h3 className="font-semibold wrap-anywhere">{diskName(disk.mount)}</h3>
          <p className="text-sm text-soft wrap-anywhere">{[disk.model, disk.fileSystem].filter(Boolean).join(' · ')}</p>
        </div>
      </div>
      <div>
        <MeterBar
          label={t('hardware.disk.freeLabel', { mount: diskName(disk.mount) })}
          text={text}
          share={usedShare}
          full={usedShare > nearlyFullShare}
        />
        <p className="mt-2 text-sm tabular-nums">{text}</p>
      </div>
      <p className="flex flex-wrap gap-2">
        <Badge>{t(`hardware.disk.kind.${disk.kind}`)}</Badge>
        <Badge tone={healthTones[disk.health]}>{t(`hardware.disk.health.${disk.health}`)}</Badge>
        {disk.readOnly && <Badge tone="warning">{t('hardware.disk.readOnly')}</Badge>}
        {disk.holdsHome && <Badge tone="ember">{t('hardware.disk.home')}</Badge>}
        {suitability !== null && (
          <Badge>{t('hardware.disk.verdict', { verdict: t(`storage.verdict.${suitability.verdict}`) })}</Badge>
        )}
      </p>
    </li>
  )
}
