import type { ReactElement } from 'react'
import { Button } from '../../components/button.tsx'
import { Facts } from '../../components/facts.tsx'
import { Account } from '../../components/identifier.tsx'
import { Notice } from '../../components/notice.tsx'
import { t } from '../../format/message.ts'
import { askConsent } from '../../state/consent.ts'
import type { ConsentReview, TransactionReview } from '../../state/snapshot.ts'
import { Screen } from './device-pages.tsx'

/** Before anything goes to the device: that it signs blind, what it does, and the little that can be compared. */
export function TransactionPart(props: { review: ConsentReview; transaction: TransactionReview }): ReactElement {
  const { review, transaction } = props
  return (
    <section aria-label={t('review.transaction')} data-testid="review-transaction" className="flex flex-col gap-6">
      <Notice tone="warning" title={t('review.blind')} text={t('review.blindText')} />
      <div>
        <h3 className="font-semibold">{t('review.does')}</h3>
        <p className="mt-1 mb-3 max-w-[34rem] text-sm text-soft">{t('review.doesText')}</p>
        <Screen lines={review.text.split('\n')} />
      </div>
      <div className="text-sm">
        <h3 className="mb-3 text-base font-semibold">{t('review.blindShows')}</h3>
        <Facts facts={shownFacts(transaction)} />
      </div>
    </section>
  )
}

function shownFacts({ to, chainId, hash }: TransactionReview): { name: string; value: ReactElement | string }[] {
  const mono = (text: string): ReactElement => <span className="font-mono text-[0.8125rem] wrap-anywhere">{text}</span>
  return [
    { name: t('review.blindFirst'), value: t('review.blindFirstValue') },
    { name: t('review.blindTo'), value: <Account address={to} copyLabel={t('review.blindCopyTo')} /> },
    { name: t('review.blindAmount'), value: '0' },
    { name: t('review.blindNetwork'), value: t('review.blindChain', { chainId: String(chainId) }) },
    { name: t('review.blindHash'), value: mono(hash) },
  ]
}

/** The quiet way to the other form of the same consent. Both go through main, which composes it anew. */
export function OtherForm({ review }: { review: ConsentReview }): ReactElement {
  const form = review.transaction === null ? 'transaction' : 'sentence'
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm text-soft">
      <p className="min-w-0 flex-1 basis-64">{t(`review.instead.${form}Text`)}</p>
      <Button tone="quiet" size="small" onClick={() => void askConsent(review.request, form)}>
        {t(`review.instead.${form}`)}
      </Button>
    </div>
  )
}
