import type { Tone } from '../../components/badge.tsx'
import { diskName } from '../../format/disk.ts'
import { t } from '../../format/message.ts'
import { formatBytes, formatBytesPerSecond, formatPercent } from '../../format/number.ts'
import { formatLongDay, formatRelative, localDay } from '../../format/time.ts'
import type { DiskIntent, DiskMove, DiskScrub, DiskStatus } from '../../state/snapshot.ts'

/** One disk as the card shows it: what a person wants of it, and what the worker last told. */
export type ShownDisk = { readonly intent: DiskIntent; readonly status: DiskStatus | null }

/** The disks of the intent with what is known of each. */
export function shownDisks(intents: readonly DiskIntent[], statuses: readonly DiskStatus[]): readonly ShownDisk[] {
  return intents.map((intent) => ({ intent, status: statuses.find(({ path }) => path === intent.path) ?? null }))
}

/** What a person calls a disk of the role. */
export function nameOfPath(path: string | null): string {
  return path === null ? t('disks.home') : diskName(path)
}

/** The state in words, and its tone. */
export function stateOfDisk({ intent, status }: ShownDisk): { readonly text: string; readonly tone: Tone } {
  if (intent.lost === true) return { text: t('disks.state.lost'), tone: 'bad' }
  if (status === null) return { text: t('disks.state.unknown'), tone: 'plain' }
  const text = t(`disks.state.${status.state}`)
  switch (status.state) {
    case 'ready':
      return intent.leaving ? { text: t('disks.state.leaving'), tone: 'ember' } : { text, tone: 'good' }
    case 'checking':
      return { text, tone: 'plain' }
    case 'full':
    case 'slow':
    case 'readOnly':
      return { text, tone: 'warning' }
    case 'missing':
    case 'wrongDisk':
    case 'denied':
    case 'failing':
      return { text, tone: 'bad' }
  }
}

/** Use against limit as text and share. */
export function occupancyOf({ intent, status }: ShownDisk): { readonly text: string; readonly share: number } {
  const usedBytes = status?.usedBytes ?? 0
  const used = formatBytes(usedBytes)
  if (intent.limitBytes === null) return { text: t('disks.usedOnly', { used }), share: 0 }
  const text = t('disks.used', { used, limit: formatBytes(intent.limitBytes) })
  return { text, share: usedBytes / intent.limitBytes }
}

/** How far the disk was read again, and by when all of it will have been. */
export function describeScrubbing(scrub: DiskScrub): string {
  if (scrub.late !== null) return t(`disks.scrub.${scrub.late}`)
  if (scrub.readAgainByMs === null) return t('value.unknown')
  const day = formatLongDay(localDay(scrub.readAgainByMs))
  return t('disks.scrub.by', { share: formatPercent(scrub.share), day })
}

/** What is left of a move, how fast and until when. */
export function describeMove(move: DiskMove, nowMs: number): string {
  const left = formatBytes(move.bytesLeft)
  if (move.state === 'paused') return t('disks.movePaused', { left })
  if (move.bytesPerSecond === null || move.endsAtMs === null) return t('disks.moving', { left })
  const rate = formatBytesPerSecond(move.bytesPerSecond)
  return t('disks.movingAt', { left, rate, when: formatRelative(move.endsAtMs, nowMs) })
}
