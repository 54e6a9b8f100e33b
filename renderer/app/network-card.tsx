import type { ReactElement } from 'react'
import type { Tone } from '../components/badge.tsx'
import { PracticeMark } from '../components/practice-mark.tsx'
import { StatusDot } from '../components/status-dot.tsx'
import { t } from '../format/message.ts'
import { useSnapshot } from '../state/snapshot.ts'
import type { NetworkView } from '../state/snapshot.ts'

const tones: Readonly<Record<NetworkView['kind'], Tone>> = {
  none: 'plain',
  starting: 'warning',
  ready: 'good',
  unreachable: 'bad',
  failed: 'bad',
}

/** Which network, whether it answers, and that its tokens are worthless when they are. */
export function NetworkCard(): ReactElement {
  const network = useSnapshot((snapshot) => snapshot.network)
  return (
    <section
      aria-label={t('network.heading')}
      data-testid="network"
      data-state={network.kind}
      className="flex flex-wrap items-center gap-x-3 gap-y-1 rounded-2xl px-3.5 py-2 text-sm rail:flex-col rail:border rail:border-line rail:bg-surface rail:px-1 rail:py-3 rail:text-center rail:text-xs wide:items-start wide:px-4 wide:text-left wide:text-sm"
    >
      <p className="flex items-center gap-2 font-medium rail:flex-col wide:flex-row">
        <StatusDot tone={tones[network.kind]} />
        <span>{t(`network.${network.kind}`)}</span>
      </p>
      <p className="text-soft rail:hidden wide:block">{networkName(network)}</p>
      {network.kind === 'ready' && <ReadyFacts network={network} />}
    </section>
  )
}

function ReadyFacts({ network }: { network: Extract<NetworkView, { kind: 'ready' }> }): ReactElement {
  const { neighbours } = network
  return (
    <>
      {neighbours !== null && (
        <p className="text-soft tabular-nums rail:hidden wide:block">
          {t('network.neighbours', { count: neighbours })}
        </p>
      )}
      {network.practice && (
        <>
          <span className="hidden wide:inline">
            <PracticeMark />
          </span>
          <span className="wide:hidden">
            <PracticeMark label={t('money.practice')} />
          </span>
        </>
      )}
    </>
  )
}

function networkName(network: NetworkView): string {
  switch (network.kind) {
    case 'ready':
    case 'unreachable':
      return network.name
    case 'starting':
    case 'failed':
      return t('network.practice')
    case 'none':
      return ''
  }
}
