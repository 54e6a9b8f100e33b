import type { ReactElement } from 'react'
import { Badge } from '../../components/badge.tsx'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { SkeletonRows } from '../../components/skeleton.tsx'
import { pagesHoldText } from '../../format/tokens.ts'
import { t } from '../../format/message.ts'
import {
  askConsent,
  closeConsent,
  formOf,
  requestOf,
  retryConsent,
  signConsent,
  stepOf,
  useConsentStore,
} from '../../state/consent.ts'
import type { ConsentStep, OpenConsent } from '../../state/consent.ts'
import { useSnapshot } from '../../state/snapshot.ts'
import { FailedNotice } from './failed-notice.tsx'
import { ReviewBody } from './review-body.tsx'

/**
 * Asks for the operator's agreement: the exact words beside the device that shows them, what it costs, and then how far it
 * has come. Whatever screen asked, there is one such dialog.
 */
export function ReviewDialog(): ReactElement | null {
  const open = useConsentStore((store) => store.open)
  const progress = useSnapshot((snapshot) => snapshot.wallet?.consent ?? null)
  const request = requestOf(open)
  if (request === null) return null
  const step = stepOf(open, progress)
  return (
    <Dialog
      open
      wide
      onOpenChange={(next) => {
        if (!next) void closeConsent(step)
      }}
      title={t(`review.title.${request.kind}`)}
      description={t(`review.text.${request.kind}`)}
      actions={<Actions open={open} step={step} />}
    >
      <NotHardware />
      <Content open={open} step={step} />
    </Dialog>
  )
}

/** Stands on every review that no hardware wallet will answer (PROTOCOL 1.13). */
function NotHardware(): ReactElement | null {
  const hardware = useSnapshot((snapshot) => snapshot.wallet?.hardware ?? false)
  if (hardware) return null
  return (
    <p data-testid="not-hardware" className="mt-3 flex flex-wrap items-center gap-x-3 gap-y-1 text-sm text-soft">
      <Badge tone="warning">{t('review.notHardware')}</Badge>
      {t('review.notHardwareText')}
    </p>
  )
}

function Content({ open, step }: { open: OpenConsent; step: ConsentStep }): ReactElement | null {
  const wallet = useSnapshot((snapshot) => snapshot.wallet)
  switch (open.kind) {
    case 'closed':
      return null
    case 'preparing':
      return (
        <div className="mt-6" aria-busy="true">
          <p role="status" className="mb-3 text-soft">
            {t('review.preparing')}
          </p>
          <SkeletonRows rows={3} />
        </div>
      )
    case 'unprepared':
      return (
        <div className="mt-6">
          <FailedNotice failure={open.failure} wallet={wallet} form={open.form} />
        </div>
      )
    case 'review':
    case 'signing':
    case 'done':
    case 'failed':
      return <ReviewBody open={open} step={step} />
  }
}

function Actions({ open, step }: { open: OpenConsent; step: ConsentStep }): ReactElement {
  const practiceKey = useSnapshot((snapshot) => snapshot.wallet?.choice.kind === 'practiceKey')
  const close = (label: string): ReactElement => <Button onClick={() => void closeConsent(step)}>{label}</Button>
  switch (open.kind) {
    case 'review':
      return (
        <>
          {close(t('action.cancel'))}
          <Button tone="primary" disabled={!holdsTogether(open.review)} onClick={() => void signConsent()}>
            {signLabel(practiceKey, formOf(open))}
          </Button>
        </>
      )
    case 'signing':
      return close(step === 'device' ? t('review.stop') : t('action.close'))
    case 'failed':
    case 'unprepared':
      return (
        <>
          {formOf(open) === 'transaction' && (
            <Button tone="quiet" onClick={() => void askAsText(open)}>
              {t('review.instead.sentence')}
            </Button>
          )}
          {close(t('action.close'))}
          <Button tone="primary" onClick={() => void retryConsent()}>
            {t('review.again')}
          </Button>
        </>
      )
    case 'done':
      return close(t('action.close'))
    case 'closed':
    case 'preparing':
      return close(t('action.cancel'))
  }
}

/** Back to the form that every device shows in full. */
async function askAsText(open: OpenConsent): Promise<void> {
  const request = requestOf(open)
  if (request !== null) await askConsent(request)
}

function signLabel(practiceKey: boolean, form: ReturnType<typeof formOf>): string {
  if (practiceKey) return t('review.sign.key')
  return t(form === 'sentence' ? 'review.sign.device' : 'review.sign.blind')
}

function holdsTogether(review: Extract<OpenConsent, { kind: 'review' }>['review']): boolean {
  return pagesHoldText(review, review.touchPages) && pagesHoldText(review, review.twoButtonPages)
}
