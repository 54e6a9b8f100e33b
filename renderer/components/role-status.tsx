import type { ReactElement, ReactNode } from 'react'
import { t } from '../format/message.ts'
import type { MessageKey } from '../format/message.ts'
import { formatRelative } from '../format/time.ts'
import type { Tone } from './badge.tsx'
import { Button } from './button.tsx'
import { Card } from './card.tsx'
import { Moment } from './moment.tsx'
import { StatusDot } from './status-dot.tsx'

type Process =
  | { readonly kind: 'stopped' }
  | { readonly kind: 'starting' | 'running'; readonly sinceMs: number }
  | { readonly kind: 'draining' }
  | { readonly kind: 'waiting'; readonly restartAtMs: number; readonly crash: string; readonly attempt: number }
  | { readonly kind: 'parked'; readonly crash: string; readonly crashes: number }

type EndOf<K, P extends string> = K extends `${P}${infer End}` ? End : never

/** What is told of a role; main's view of one has these. */
export type RoleFacts = {
  readonly process: Process
  readonly earning: {
    readonly earning: boolean
    readonly reason: EndOf<MessageKey, 'earning.why.'>
    readonly lastAcceptedWorkAtMs: number | null
  }
  readonly allowance: {
    readonly work: 'full' | 'throttled' | 'paused'
    readonly reason: EndOf<MessageKey, 'allowance.why.'>
    readonly resumesAtMs: number | null
  }
}

type RoleStatusProps = {
  readonly view: RoleFacts
  readonly nowMs: number
  readonly retrying: boolean
  readonly onRetry: () => void
}

const processTones: Readonly<Record<Process['kind'], Tone>> = {
  stopped: 'plain',
  starting: 'warning',
  running: 'good',
  draining: 'warning',
  waiting: 'warning',
  parked: 'bad',
}

const allowanceTones: Readonly<Record<RoleFacts['allowance']['work'], Tone>> = {
  full: 'good',
  throttled: 'warning',
  paused: 'warning',
}

/** Running, earning and the limits in force: three facts side by side, never merged. */
export function RoleStatus({ view, nowMs, retrying, onRetry }: RoleStatusProps): ReactElement {
  return (
    <Card heading={t('status.heading')}>
      <div className="grid grid-cols-[repeat(auto-fit,minmax(14rem,1fr))] gap-x-8 gap-y-6">
        <Running process={view.process} {...{ nowMs, retrying, onRetry }} />
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

function Running({
  process,
  nowMs,
  retrying,
  onRetry,
}: Omit<RoleStatusProps, 'view'> & { process: Process }): ReactElement {
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
        <Button size="small" pending={retrying} className="mt-2" onClick={onRetry}>
          {t('status.retry')}
        </Button>
      )}
    </Fact>
  )
}

function processText(process: Process, nowMs: number): string {
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

function Earning({ view, nowMs }: { view: RoleFacts; nowMs: number }): ReactElement {
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

function Allowed({ allowance, nowMs }: { allowance: RoleFacts['allowance']; nowMs: number }): ReactElement {
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
