import { useEffect, useRef } from 'react'
import type { ReactElement, RefObject } from 'react'
import { DeviceWords } from '../../components/device-words.tsx'
import { Facts } from '../../components/facts.tsx'
import { RecordMark } from '../../components/identifier.tsx'
import { Notice } from '../../components/notice.tsx'
import { isDeviceInTheWay } from '../../format/device.ts'
import { t } from '../../format/message.ts'
import { formatMoment } from '../../format/time.ts'
import { formatCoin } from '../../format/tokens.ts'
import { useNow } from '../../state/clock.ts'
import { formOf } from '../../state/consent.ts'
import type { ConsentStep, OpenConsent } from '../../state/consent.ts'
import { useCurrency, useSnapshot } from '../../state/snapshot.ts'
import type { ConsentReview, DeviceChoice, WalletView } from '../../state/snapshot.ts'
import { describeWarning } from './describe-warning.ts'
import { DevicePages } from './device-pages.tsx'
import { Boxed, FailedNotice } from './failed-notice.tsx'
import { PracticeSide } from './practice-side.tsx'
import { Steps } from './steps.tsx'
import { OtherForm, TransactionPart } from './transaction-part.tsx'

type Reviewed = Exclude<OpenConsent, { readonly kind: 'closed' | 'preparing' | 'unprepared' }>

/** The words to agree to, what goes with them, and how far it has come. */
export function ReviewBody({ open, step }: { open: Reviewed; step: ConsentStep }): ReactElement {
  const wallet = useSnapshot((snapshot) => snapshot.wallet)
  const { review } = open
  const outcome = useShownOn(step)
  return (
    <div className="mt-5 flex flex-col gap-6">
      <Steps step={step} />
      <div ref={outcome} className="scroll-mt-8 empty:hidden">
        <Outcome open={open} step={step} wallet={wallet} />
      </div>
      {step !== 'done' && (
        <div className="grid items-start gap-x-8 gap-y-6 rail:grid-cols-[minmax(0,1fr)_auto]">
          <div className="flex min-w-0 flex-col gap-6 empty:hidden">
            {step !== 'failed' && <ToCompare review={review} choice={wallet?.choice ?? { kind: 'usb' }} />}
          </div>
          {wallet?.choice.kind === 'practiceLedger' && (
            // In a narrow window the device that asks comes before what it is compared with.
            <div className="max-rail:order-first">
              <PracticeSide />
            </div>
          )}
        </div>
      )}
      {(step === 'review' || step === 'device') && <GoodToKnow review={review} />}
      {step === 'review' && wallet?.choice.kind !== 'practiceKey' && <OtherForm review={review} />}
    </div>
  )
}

/** Brings an element into view whenever the step changes: in a low window the news would be above what is scrolled to. */
function useShownOn(step: ConsentStep): RefObject<HTMLDivElement | null> {
  const element = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (step !== 'review') element.current?.scrollIntoView({ block: 'nearest' })
  }, [step])
  return element
}

/** What to know before agreeing, and the words to compare. */
function ToCompare({ review, choice }: { review: ConsentReview; choice: DeviceChoice }): ReactElement {
  return (
    <>
      <Warnings review={review} />
      {review.transaction === null ? (
        <DevicePages review={review} choice={choice} />
      ) : (
        <TransactionPart review={review} transaction={review.transaction} />
      )}
    </>
  )
}

/** What just happened, or what the person has to do now. */
function Outcome(props: { open: Reviewed; step: ConsentStep; wallet: WalletView | null }): ReactElement | null {
  const { open, step, wallet } = props
  const practiceKey = wallet?.choice.kind === 'practiceKey'
  switch (step) {
    case 'review':
      return wallet !== null && isDeviceInTheWay(wallet.state) && wallet.state.kind !== 'refused' ? (
        <Boxed>
          <DeviceWords state={wallet.state} />
        </Boxed>
      ) : null
    case 'device':
      return <Notice tone="info" urgent title={t(onDeviceWords(practiceKey, formOf(open)))} />
    case 'sending':
    case 'confirming':
      return <Notice tone="info" urgent title={t(`review.${step}`)} />
    case 'done':
      return open.kind === 'done' ? <DoneNotice transactionHash={open.transactionHash} /> : null
    case 'failed':
      return open.kind === 'failed' ? <FailedNotice failure={open.failure} wallet={wallet} form={formOf(open)} /> : null
  }
}

function DoneNotice({ transactionHash }: { transactionHash: string }): ReactElement {
  return (
    <div data-testid="consent-done">
      <Notice tone="good" urgent title={t('review.done')} />
      <div className="mt-4">
        <Facts
          facts={[
            {
              name: t('review.doneRecord'),
              value: <RecordMark hash={transactionHash} copyLabel={t('review.copyRecord')} />,
            },
          ]}
        />
      </div>
    </div>
  )
}

function Warnings({ review }: { review: ConsentReview }): ReactElement | null {
  const currency = useCurrency()
  // That it is no hardware wallet stands above already, on every review.
  const warnings = review.warnings.filter(({ code }) => code !== 'notHardware')
  if (warnings.length === 0) return null
  return (
    <div className="flex flex-col gap-3" data-testid="review-warnings">
      {warnings.map((warning) => (
        <Notice key={warning.code} tone="warning" title={describeWarning(warning, currency)} />
      ))}
    </div>
  )
}

function onDeviceWords(practiceKey: boolean, form: ReturnType<typeof formOf>) {
  if (practiceKey) return 'review.onKey'
  return form === 'sentence' ? 'review.onDevice' : 'review.onDeviceBlind'
}

function GoodToKnow({ review }: { review: ConsentReview }): ReactElement {
  const nowMs = useNow(60_000)
  // Taking a key away has no end.
  const ends = review.deadlineMs === 0 ? t('review.noDeadline') : formatMoment(review.deadlineMs, nowMs)
  const facts = [
    { name: t('review.fee'), value: feeWords(review) },
    ...accountFacts(review),
    { name: t('review.deadline'), value: ends },
  ]
  return (
    <section aria-label={t('review.facts')} className="border-t border-line pt-4 text-sm">
      <Facts facts={facts} />
    </section>
  )
}

/** Who pays, and how much: this computer for a text, the operator's own account for a transaction. */
function feeWords({ gasWei, transaction }: ConsentReview): string {
  const amount = formatCoin(gasWei)
  if (transaction === null) return t('review.feeValue', { amount })
  return t('review.feeOwn', { amount, most: formatCoin(transaction.mostWei) })
}

function accountFacts({ transaction }: ConsentReview): { name: string; value: string }[] {
  if (transaction === null) return []
  return [{ name: t('review.feeFrom'), value: t('review.feeHolds', { amount: formatCoin(transaction.balanceWei) }) }]
}
