import { RefreshCw } from 'lucide-react'
import type { ReactElement } from 'react'
import { Button } from '../../components/button.tsx'
import { Moment } from '../../components/moment.tsx'
import { Page } from '../../components/page.tsx'
import { Skeleton } from '../../components/skeleton.tsx'
import { t } from '../../format/message.ts'
import { useNow } from '../../state/clock.ts'
import { runCommand, usePending } from '../../state/commands.ts'
import { useSnapshot } from '../../state/snapshot.ts'
import { DiskSection } from './disk-section.tsx'
import { GpuSection } from './gpu-section.tsx'
import { MeterSection } from './meter-section.tsx'
import { NetworkSection } from './network-section.tsx'
import { PowerSection } from './power-section.tsx'

/** What this machine could share, as last measured, and which look failed or was cut off. */
export function Hardware(): ReactElement {
  const inventory = useSnapshot((snapshot) => snapshot.inventory)
  return (
    <Page
      title={t('hardware.title')}
      lead={t('hardware.lead')}
      aside={<Rescan measuredAtMs={inventory?.measuredAtMs ?? null} />}
    >
      {inventory === null ? (
        <HardwareSkeleton />
      ) : (
        <>
          <DiskSection inventory={inventory} />
          <div className="grid gap-6 wide:grid-cols-2">
            <GpuSection inventory={inventory} />
            <PowerSection inventory={inventory} />
          </div>
          <NetworkSection inventory={inventory} />
          <MeterSection inventory={inventory} />
        </>
      )}
    </Page>
  )
}

function Rescan({ measuredAtMs }: { measuredAtMs: number | null }): ReactElement {
  const pending = usePending('hardware:rescan')
  const nowMs = useNow(5_000)
  return (
    <div className="flex flex-wrap items-center gap-4">
      {measuredAtMs !== null && <MeasuredAt atMs={measuredAtMs} nowMs={nowMs} />}
      <Button pending={pending} onClick={() => void runCommand('hardware:rescan', undefined)}>
        <RefreshCw aria-hidden="true" className="size-4" />
        {pending ? t('hardware.rescanning') : t('hardware.rescan')}
      </Button>
    </div>
  )
}

function MeasuredAt({ atMs, nowMs }: { atMs: number; nowMs: number }): ReactElement {
  const [before, after] = t('hardware.measured', { when: '\n' }).split('\n')
  return (
    <p className="text-sm text-soft">
      {before}
      <Moment atMs={atMs} nowMs={nowMs} />
      {after}
    </p>
  )
}

function HardwareSkeleton(): ReactElement {
  return (
    <div role="status" aria-label={t('hardware.measuring')} className="flex flex-col gap-6">
      <Skeleton className="h-44 w-full rounded-card" />
      <Skeleton className="h-44 w-full rounded-card" />
    </div>
  )
}
