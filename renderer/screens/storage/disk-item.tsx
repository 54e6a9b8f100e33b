import type { ReactElement, ReactNode } from 'react'
import { Badge } from '../../components/badge.tsx'
import { Button } from '../../components/button.tsx'
import { Facts } from '../../components/facts.tsx'
import { MeterBar } from '../../components/meter-bar.tsx'
import { ProgressBar } from '../../components/progress-bar.tsx'
import { t } from '../../format/message.ts'
import { formatBytes, formatBytesPerSecond, formatCount } from '../../format/number.ts'
import { useNow } from '../../state/clock.ts'
import { runCommand } from '../../state/commands.ts'
import type { DiskMove, DiskStatus } from '../../state/snapshot.ts'
import { describeMove, describeScrubbing, nameOfPath, stateOfDisk, occupancyOf } from './describe-disk.ts'
import type { ShownDisk } from './describe-disk.ts'

type DiskItemProps = {
  readonly disk: ShownDisk
  /** True when no other disk could take its pieces. */
  readonly isOnly: boolean
  readonly movesPaused: boolean
  readonly onAsk: (kind: 'limit' | 'move' | 'remove' | 'lose') => void
}

/** One disk of the role. */
export function DiskItem({ disk, isOnly, movesPaused, onAsk }: DiskItemProps): ReactElement {
  const { intent, status } = disk
  const state = stateOfDisk(disk)
  const use = occupancyOf(disk)
  const name = nameOfPath(intent.path)
  return (
    <li className="py-5 first:pt-0 last:pb-0" data-testid="disk" data-path={intent.path ?? 'home'}>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <h3 className="font-semibold wrap-anywhere">{name}</h3>
        <span
          data-testid="disk-state"
          data-state={intent.lost === true ? 'lost' : intent.leaving ? 'leaving' : (status?.state ?? 'unknown')}
        >
          <Badge tone={state.tone}>{state.text}</Badge>
        </span>
      </div>
      <p className="mt-2 mb-2 flex flex-wrap justify-between gap-x-4 text-sm">
        <span className="text-soft">{t('disks.pieces', { pieces: status?.pieces ?? 0 })}</span>
        <span className="font-medium tabular-nums" data-testid="disk-used" data-bytes={status?.usedBytes ?? 0}>
          {use.text}
        </span>
      </p>
      <MeterBar label={t('disks.usedLabel', { disk: name })} text={use.text} share={use.share} />
      {status !== null && status.move !== null && <Moving move={status.move} name={name} />}
      {status !== null && (
        <div className="mt-4 text-sm">
          <Facts facts={factsOf(status)} />
        </div>
      )}
      <div className="mt-4 flex flex-wrap gap-2">
        {intent.lost === true ? null : intent.leaving ? (
          <LeavingButtons path={intent.path} movesPaused={movesPaused} />
        ) : (
          <StayingButtons isOnly={isOnly} isAway={isAway(status)} onAsk={onAsk} />
        )}
      </div>
    </li>
  )
}

/** It cannot be read now; the person may know that it never can again. */
function isAway(status: DiskStatus | null): boolean {
  return status?.state === 'missing' || status?.state === 'wrongDisk' || status?.state === 'failing'
}

function StayingButtons({
  isOnly,
  isAway: away,
  onAsk,
}: Pick<DiskItemProps, 'isOnly' | 'onAsk'> & { isAway: boolean }): ReactElement {
  return (
    <>
      {away && (
        <Button size="small" disabled={isOnly} onClick={() => onAsk('lose')}>
          {t('disks.lose')}
        </Button>
      )}
      <Button size="small" onClick={() => onAsk('limit')}>
        {t('disks.limit')}
      </Button>
      <Button size="small" onClick={() => onAsk('move')}>
        {t('disks.move')}
      </Button>
      <Button size="small" disabled={isOnly} onClick={() => onAsk('remove')}>
        {t('disks.remove')}
      </Button>
    </>
  )
}

/** A move is not asked about again: pausing and taking it back lose nothing. */
function LeavingButtons({ path, movesPaused }: { path: string | null; movesPaused: boolean }): ReactElement {
  const toggle = movesPaused ? ('resumeMoves' as const) : ('pauseMoves' as const)
  return (
    <>
      <Button size="small" onClick={() => void runCommand('disks:change', { kind: toggle })}>
        {movesPaused ? t('disks.resume') : t('disks.pause')}
      </Button>
      <Button size="small" onClick={() => void runCommand('disks:change', { kind: 'keep', path })}>
        {t('disks.keep')}
      </Button>
    </>
  )
}

function Moving({ move, name }: { move: DiskMove; name: string }): ReactElement {
  const nowMs = useNow()
  return (
    <div className="mt-4" data-testid="disk-move" data-state={move.state}>
      <ProgressBar
        label={t('disks.moveLabel', { disk: name })}
        done={move.bytesMoved}
        total={move.bytesMoved + move.bytesLeft}
      />
      <p className="mt-2 text-sm text-soft">{describeMove(move, nowMs)}</p>
      {move.withoutRoomBytes > 0 && (
        <p className="mt-1 text-sm text-honey">{t('disks.noRoom', { bytes: formatBytes(move.withoutRoomBytes) })}</p>
      )}
    </div>
  )
}

function factsOf(status: DiskStatus): { name: string; value: ReactNode }[] {
  const unknown = t('value.unknown')
  const { freeBytes, usage, writeBytesPerSecond, latencyMs, scrub } = status
  return [
    { name: t('disks.free'), value: freeBytes === null ? unknown : formatBytes(freeBytes) },
    { name: t('disks.onDisk'), value: usage === null ? unknown : formatBytes(usage.onDiskBytes) },
    {
      name: t('disks.speed'),
      value: writeBytesPerSecond === null ? unknown : formatBytesPerSecond(writeBytesPerSecond),
    },
    {
      name: t('disks.latency'),
      value: latencyMs === null ? unknown : t('disks.ms', { ms: formatCount(Math.max(1, Math.round(latencyMs))) }),
    },
    { name: t('disks.scrub'), value: scrub === null ? unknown : describeScrubbing(scrub) },
  ]
}
