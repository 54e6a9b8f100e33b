import type { ReactElement } from 'react'
import { Button } from '../components/button.tsx'
import { Notice } from '../components/notice.tsx'
import { t } from '../format/message.ts'
import { formatMoment } from '../format/time.ts'
import { useNow } from '../state/clock.ts'
import { dismissFailure, useCommandStore } from '../state/commands.ts'
import { askConsent, isLeftOver, takeBackConsent, useConsentStore } from '../state/consent.ts'
import { waitsForAgreement } from '../state/selectors.ts'
import { useSnapshot } from '../state/snapshot.ts'
import { describeFailure } from '../format/failure.ts'

/** What must be seen on every screen: stale data, books that do not add up, low fees, a command that failed. */
export function Banners(): ReactElement {
  return (
    <div className="mx-auto flex w-full max-w-[68rem] flex-col gap-3 empty:hidden">
      <FailureBanner />
      <StaleBanner />
      <MoneyBanners />
      <AuthorizeBanner />
      <LeftOverConsent />
      <NetworkNotice />
    </div>
  )
}

function FailureBanner(): ReactElement | null {
  const failure = useCommandStore((state) => state.failure)
  if (failure === null) return null
  const { message, action } = describeFailure(failure)
  const dismiss = (
    <Button size="small" onClick={dismissFailure}>
      {t('action.dismiss')}
    </Button>
  )
  return <Notice tone="bad" urgent title={message} text={action} actions={dismiss} />
}

function StaleBanner(): ReactElement | null {
  const network = useSnapshot((snapshot) => snapshot.network)
  const nowMs = useNow(60_000)
  if (network.kind !== 'unreachable') return null
  const title = t('network.staleTitle', { name: network.name, since: formatMoment(network.sinceMs, nowMs) })
  return <Notice tone="warning" title={title} text={t('network.staleText')} />
}

function MoneyBanners(): ReactElement {
  const reconciles = useSnapshot((snapshot) => snapshot.earnings?.reconciles ?? true)
  const feesLow = useSnapshot((snapshot) => snapshot.gasFloatLow === true)
  return (
    <>
      {!reconciles && <Notice tone="bad" title={t('error.unreconciled')} text={t('error.unreconciledAction')} />}
      {feesLow && <Notice tone="warning" title={t('overview.feesLow')} />}
    </>
  )
}

/** Something is switched on and cannot be paid before the operator has agreed to this computer, which asks a person. */
function AuthorizeBanner(): ReactElement | null {
  const waits = useSnapshot(waitsForAgreement)
  if (!waits) return null
  const agree = (
    <Button tone="primary" onClick={() => void askConsent({ kind: 'authorize' })}>
      {t('wallet.authorize.action')}
    </Button>
  )
  return (
    <div data-testid="authorize">
      <Notice tone="warning" title={t('wallet.authorize.title')} text={t('wallet.authorize.text')} actions={agree} />
    </div>
  )
}

/** A question that this window did not ask, as after it was closed and opened in the middle. */
function LeftOverConsent(): ReactElement | null {
  const open = useConsentStore((store) => store.open)
  const progress = useSnapshot((snapshot) => snapshot.wallet?.consent ?? null)
  if (progress === null || !isLeftOver(open, progress)) return null
  const onDevice = progress.step === 'device'
  const takeBack = (
    <Button size="small" onClick={() => void takeBackConsent(progress.id)}>
      {t('review.takeBack')}
    </Button>
  )
  return (
    <Notice
      tone="info"
      title={t('review.left')}
      text={t(onDevice ? 'review.leftDevice' : 'review.leftSending')}
      actions={onDevice ? takeBack : undefined}
    />
  )
}

function NetworkNotice(): ReactElement | null {
  const notice = useSnapshot(({ network }) => (network.kind === 'ready' ? network.notice : null))
  return notice === null ? null : <Notice tone="info" title={notice} />
}
