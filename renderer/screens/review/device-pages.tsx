import { useState } from 'react'
import type { ReactElement } from 'react'
import { Notice } from '../../components/notice.tsx'
import { Segments } from '../../components/segments.tsx'
import { t } from '../../format/message.ts'
import { pagesHoldText } from '../../format/tokens.ts'
import type { ConsentReview, DeviceChoice } from '../../state/snapshot.ts'

type Model = 'touch' | 'twoButton'

const models = ['touch', 'twoButton'] as const

/** The kind of screen that a device has; null when only the person knows, or when there is no screen at all. */
export function modelOf(choice: DeviceChoice): Model | null {
  return choice.kind === 'practiceLedger' ? choice.model : null
}

/** The text as the device pages it, line for line; without a device, as it is signed. */
export function DevicePages({ review, choice }: { review: ConsentReview; choice: DeviceChoice }): ReactElement {
  const [picked, setPicked] = useState<Model>('touch')
  if (choice.kind === 'practiceKey') {
    return (
      <section aria-label={t('review.noDevice')}>
        <h3 className="font-semibold">{t('review.noDevice')}</h3>
        <p className="mt-1 mb-3 text-sm text-soft">{t('review.noDeviceText')}</p>
        <Screen lines={review.text.split('\n')} />
      </section>
    )
  }
  const known = modelOf(choice)
  const model = known ?? picked
  const options = models.map((value) => ({ value, label: t(`review.screen.${value}`) }))
  return (
    <section aria-label={t('review.compare')}>
      <div className="mb-3 flex flex-wrap items-end justify-between gap-3">
        <div className="min-w-0 flex-1">
          <h3 className="font-semibold">{t('review.compare')}</h3>
          <p className="mt-1 max-w-[34rem] text-sm text-soft">{t('review.compareText')}</p>
        </div>
        {known === null && (
          <Segments label={t('review.screen')} value={picked} options={options} onChoose={setPicked} />
        )}
      </div>
      <Pages review={review} pages={model === 'touch' ? review.touchPages : review.twoButtonPages} />
    </section>
  )
}

function Pages(props: { review: ConsentReview; pages: readonly (readonly string[])[] }): ReactElement {
  const { review, pages } = props
  if (!pagesHoldText(review, pages))
    return <Notice tone="bad" urgent title={t('review.pagesDiffer')} text={t('review.pagesDifferText')} />
  return (
    <ol data-testid="device-pages" className="grid grid-cols-[repeat(auto-fill,minmax(13.5rem,1fr))] gap-3">
      {pages.map((lines, index) => (
        // A page has no name but its place.
        <li key={index} className="flex flex-col">
          <p className="mb-1 text-xs text-soft tabular-nums">{t('review.page', { page: index + 1 })}</p>
          <Screen lines={lines} />
        </li>
      ))}
    </ol>
  )
}

/** Lines as they stand on a screen. */
export function Screen({ lines }: { lines: readonly string[] }): ReactElement {
  return (
    <div className="flex-1 rounded-xl border border-edge/60 bg-raised p-3 font-mono text-[0.8125rem] leading-6">
      {lines.map((line, index) => (
        <p key={`${index} ${line}`} className="min-h-6 whitespace-pre-wrap wrap-anywhere">
          {line}
        </p>
      ))}
    </div>
  )
}
