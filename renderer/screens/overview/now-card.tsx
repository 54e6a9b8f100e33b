import type { ReactElement } from 'react'
import { Button, buttonLook } from '../../components/button.tsx'
import { HearthArch } from '../../components/hearth-arch.tsx'
import { Money } from '../../components/money.tsx'
import { ProgressBar } from '../../components/progress-bar.tsx'
import { hasMessage, t } from '../../format/message.ts'
import { sumWei } from '../../format/money.ts'
import { useNow } from '../../state/clock.ts'
import { runCommand, usePending } from '../../state/commands.ts'
import { screenHref } from '../../state/route.ts'
import { heatOf, selectNow } from '../../state/selectors.ts'
import type { Now } from '../../state/selectors.ts'
import { useCurrency, useSnapshot } from '../../state/snapshot.ts'
import type { NetworkView } from '../../state/snapshot.ts'
import { describeNow } from './describe-now.ts'

/** The hearth: the one sentence about now, today's amount, and the one thing to do next. */
export function NowCard(): ReactElement {
  const snapshot = useSnapshot((whole) => whole)
  const nowMs = useNow()
  const now = selectNow(snapshot, nowMs)
  const heat = heatOf(now)
  const words = describeNow(now, snapshot.network, nowMs)
  return (
    <section
      aria-labelledby="now-title"
      data-testid="now"
      data-state={now.kind}
      className="relative overflow-hidden rounded-[1.75rem] border border-hearth-line bg-hearth text-cream shadow-card"
    >
      <div
        aria-hidden="true"
        data-heat={heat}
        className="pointer-events-none absolute inset-0 bg-[radial-gradient(60rem_32rem_at_88%_115%,#a8400f80,transparent_70%)] transition-opacity duration-1000 data-[heat=banked]:opacity-45 data-[heat=cold]:opacity-0"
      />
      <div className="relative flex flex-col-reverse items-start gap-6 p-7 rail:min-h-72 rail:flex-row rail:items-end rail:justify-between wide:p-10">
        <div className="flex min-w-0 flex-1 flex-col gap-6 self-stretch rail:justify-between">
          <div>
            <h2 id="now-title" aria-live="polite" className="text-2xl font-semibold tracking-[-0.025em]">
              {words.title}
            </h2>
            <p className="mt-1.5 max-w-[34rem] text-cream-soft wrap-anywhere">{words.why}</p>
            {words.hint !== null && <p className="mt-1.5 max-w-[34rem] text-cream-soft wrap-anywhere">{words.hint}</p>}
          </div>
          <StartProgress network={snapshot.network} />
          <Today now={now} />
          <NextStep now={now} />
        </div>
        <HearthArch
          heat={heat}
          label={t(`overview.heat.${heat}`)}
          flare={now.kind === 'earning' ? now.lastAcceptedWorkAtMs : null}
          className="h-28 shrink-0 self-start rail:-mb-7 rail:h-56 rail:self-end wide:-mb-10 wide:h-68"
        />
      </div>
    </section>
  )
}

function Today({ now }: { now: Now }): ReactElement | null {
  const currency = useCurrency()
  const roles = useSnapshot((snapshot) => snapshot.roles)
  if (now.kind === 'none' || now.kind === 'starting' || now.kind === 'failed') return null
  return (
    <div>
      <p className="text-sm font-medium text-cream-soft">{t('overview.today')}</p>
      <Money
        wei={sumWei(roles.map((role) => role.todayWei))}
        currency={currency}
        size="hero"
        onHearth
        testId="today-total"
      />
    </div>
  )
}

function StartProgress({ network }: { network: NetworkView }): ReactElement | null {
  if (network.kind !== 'starting') return null
  const key = `step.${network.step}`
  const step = hasMessage(key) ? t(key) : network.step
  return (
    <div className="flex max-w-[28rem] flex-col gap-2.5">
      <ProgressBar label={t('overview.now.starting')} done={network.done} total={network.total} />
      <p className="flex justify-between gap-4 text-sm text-cream-soft">
        <span>{step}</span>
        <span className="tabular-nums">
          {t('network.stepsDone', { done: Math.min(network.done + 1, network.total), total: network.total })}
        </span>
      </p>
    </div>
  )
}

function NextStep({ now }: { now: Now }): ReactElement | null {
  const starting = usePending('network:startPractice')
  const resuming = usePending('roles:resumeAll')
  switch (now.kind) {
    case 'none':
    case 'failed':
      return (
        <Button
          tone="onHearth"
          className="self-start"
          pending={starting}
          onClick={() => void runCommand('network:startPractice', undefined)}
        >
          {now.kind === 'none' ? t('network.start') : t('action.retry')}
        </Button>
      )
    case 'off':
    case 'stopped':
      return (
        <a href={screenHref('storage')} className={buttonLook({ tone: 'onHearth', className: 'self-start' })}>
          {now.kind === 'off' ? t('overview.setUpStorage') : t('overview.openStorage')}
        </a>
      )
    case 'paused':
      return (
        <Button
          tone="onHearth"
          className="self-start"
          pending={resuming}
          onClick={() => void runCommand('roles:resumeAll', undefined)}
        >
          {t('action.resume')}
        </Button>
      )
    case 'earning':
    case 'waiting':
    case 'starting':
    case 'unreachable':
      return null
  }
}
