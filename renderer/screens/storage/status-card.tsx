import type { ReactElement, ReactNode } from 'react'
import type { Tone } from '../../components/badge.tsx'
import { Button } from '../../components/button.tsx'
import { Card } from '../../components/card.tsx'
import { Moment } from '../../components/moment.tsx'
import { StatusDot } from '../../components/status-dot.tsx'
import { t } from '../../format/message.ts'
import { formatRelative } from '../../format/time.ts'
import { useNow } from '../../state/clock.ts'
import { runCommand, usePending } from '../../state/commands.ts'
import type { ProcessState, RoleView } from '../../state/snapshot.ts'

const processTones: Readonly<Record<ProcessState['kind'], Tone>> = {
  stopped: 'plain',
  starting: 'warning',
  running: 'good',
  draining: 'warning',
  waiting: 'warning',
  parked: 'bad',
}

const allowanceTones: Readonly<Record<RoleView['allowance']['work'], Tone>> = {
  full: 'good',
  throttled: 'warning',
  paused: 'warning',
}

/** Running, earning and the limits in force: three facts side by side, never merged. */
export function StatusCard({ view }: { view: RoleView }): ReactElement {
  const nowMs = useNow()
  return (
    <Card heading={t('storage.status.heading')}>
      <div className="grid grid-cols-[repeat(auto-fit,minmax(14rem,1fr))] gap-x-8 gap-y-6">
        <Running process={view.process} nowMs={nowMs} />
        <Earning view={view} nowMs={nowMs} />
        <Allowed allowance={view.allowance} nowMs={nowMs} />
      </div>
    </Card>
  )
}

function Fact(props: {
  name: string
  tone: Tone
  state: string
  value: string
  testId: string
  children: ReactNode
}): ReactElement {
  return (
    <div data-testid={props.testId} data-state={props.state}>
      <h3 className="text-sm font-medium text-soft">{props.name}</h3>
      <p className="mt-1.5 flex items-center gap-2.5 text-xl font-semibold tracking-[-0.02em]">
        <StatusDot tone={props.tone} className="size-3" />
        {props.value}
      </p>
      <div className="mt-1.5 flex flex-col items-start gap-1 text-sm text-soft">{props.children}</div>
    </div>
  )
}

function Running({ process, nowMs }: { process: ProcessState; nowMs: number }): ReactElement {
  const retrying = usePending('roles:retry')
  const canRetry = process.kind === 'parked' || process.kind === 'waiting'
  return (
    <Fact
      name={t('process.heading')}
      tone={processTones[process.kind]}
      state={process.kind}
      value={t(`process.${process.kind}`)}
      testId="role-process"
    >
      <p className="wrap-anywhere">{processText(process, nowMs)}</p>
      {canRetry && (
        <Button
          size="small"
          pending={retrying}
          className="mt-2"
          onClick={() => void runCommand('roles:retry', { role: 'storage' })}
        >
          {t('storage.status.retry')}
        </Button>
      )}
    </Fact>
  )
}

function processText(process: ProcessState, nowMs: number): string {
  switch (process.kind) {
    case 'stopped':
    case 'starting':
    case 'draining':
      return t(`process.${process.kind}Text`)
    case 'running':
      return t('process.since', { when: formatRelative(process.sinceMs, nowMs) })
    case 'waiting':
      return t('process.waitingText', {
        crash: process.crash,
        attempt: process.attempt,
        when: formatRelative(process.restartAtMs, nowMs),
      })
    case 'parked':
      return t('process.parkedText', { crash: process.crash, crashes: process.crashes })
  }
}

function Earning({ view, nowMs }: { view: RoleView; nowMs: number }): ReactElement {
  const { earning, reason, lastAcceptedWorkAtMs } = view.earning
  return (
    <Fact
      name={t('earning.heading')}
      tone={earning ? 'ember' : 'plain'}
      state={earning ? 'earning' : reason}
      value={earning ? t('earning.yes') : t('earning.no')}
      testId="role-earning"
    >
      <p>{t(`earning.why.${reason}`)}</p>
      <p>
        {t('earning.lastLabel')}{' '}
        {lastAcceptedWorkAtMs === null ? t('time.never') : <Moment atMs={lastAcceptedWorkAtMs} nowMs={nowMs} />}
      </p>
    </Fact>
  )
}

function Allowed({ allowance, nowMs }: { allowance: RoleView['allowance']; nowMs: number }): ReactElement {
  return (
    <Fact
      name={t('allowance.heading')}
      tone={allowance.reason === 'switchedOff' ? 'plain' : allowanceTones[allowance.work]}
      state={allowance.reason}
      value={t(`allowance.${allowance.work}`)}
      testId="role-allowance"
    >
      <p>{t(`allowance.why.${allowance.reason}`)}</p>
      {allowance.resumesAtMs !== null && (
        <p>{t('allowance.resumes', { when: formatRelative(allowance.resumesAtMs, nowMs) })}</p>
      )}
    </Fact>
  )
}
