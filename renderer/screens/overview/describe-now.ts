import { t } from '../../format/message.ts'
import { formatMoment, formatRelative } from '../../format/time.ts'
import type { Now } from '../../state/selectors.ts'
import type { NetworkView } from '../../state/snapshot.ts'

export type NowWords = { readonly title: string; readonly why: string; readonly hint: string | null }

/** The overview's first sentence and its reason. */
export function describeNow(now: Now, network: NetworkView, nowMs: number): NowWords {
  switch (now.kind) {
    case 'earning': {
      const when = now.lastAcceptedWorkAtMs === null ? t('time.never') : formatRelative(now.lastAcceptedWorkAtMs, nowMs)
      return words(t('overview.now.earning'), t('overview.why.earning', { when }))
    }
    case 'waiting':
      return words(t('overview.now.waiting'), t(`earning.why.${now.role.earning.reason}`))
    case 'stopped':
      return words(t('overview.now.stopped'), t(`earning.why.${now.role.earning.reason}`))
    case 'paused':
      return words(t('overview.now.paused'), pauseReason(now.untilMs, nowMs))
    case 'failed':
      return failedWords(network)
    case 'unreachable': {
      const name = network.kind === 'unreachable' ? network.name : t('network.heading')
      return words(t('overview.now.unreachable'), t('overview.why.unreachable', { name }))
    }
    case 'none':
    case 'starting':
    case 'off':
      return words(t(`overview.now.${now.kind}`), t(`overview.why.${now.kind}`))
  }
}

function failedWords(network: NetworkView): NowWords {
  const failed = network.kind === 'failed' ? network : { message: '', action: null }
  return { title: t('overview.now.failed'), why: failed.message, hint: failed.action }
}

function pauseReason(untilMs: number | null, nowMs: number): string {
  if (untilMs === null) return t('overview.why.pausedOpen')
  return t('overview.why.pausedUntil', { until: formatMoment(untilMs, nowMs) })
}

function words(title: string, why: string): NowWords {
  return { title, why, hint: null }
}
