import { Frame } from 'lucide-react'
import { useState } from 'react'
import type { ReactElement } from 'react'
import { Card } from '../../components/card.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { Facts } from '../../components/facts.tsx'
import { MeterBar } from '../../components/meter-bar.tsx'
import { Moment } from '../../components/moment.tsx'
import { PreviewCanvas } from '../../components/preview-canvas.tsx'
import { shortenIdentifier } from '../../format/identifier.ts'
import { t } from '../../format/message.ts'
import { formatCount, formatPercent } from '../../format/number.ts'
import { useNow } from '../../state/clock.ts'
import type { RenderStatus, RoleView } from '../../state/snapshot.ts'

/** What is being rendered at this moment, as a picture that grows, or why nothing is, beside the last one. */
export function WorkCard({ view }: { view: RoleView }): ReactElement {
  const render = view.status?.render ?? null
  const unit = render?.unit ?? null
  const preview = render?.preview ?? null
  // Parts may take seconds only: what was painted last stays until the next one begins.
  const [last, keep] = useState(preview)
  if (preview !== null && preview !== last) keep(preview)
  return (
    <Card heading={t('render.work.heading')}>
      <div data-testid="render-work" data-state={render?.state ?? 'stopped'}>
        {render === null || unit === null ? (
          <Idle render={render} last={last} />
        ) : (
          <InWork render={render} unit={unit} last={last} />
        )}
      </div>
    </Card>
  )
}

type Preview = NonNullable<RenderStatus['preview']>

type Unit = NonNullable<RenderStatus['unit']>

function InWork({ render, unit, last }: { render: RenderStatus; unit: Unit; last: Preview | null }): ReactElement {
  const nowMs = useNow()
  const share = unit.samplesDone / unit.samplesTotal
  const percent = formatPercent(share)
  return (
    <div className="grid items-start gap-6 wide:grid-cols-[minmax(0,20rem)_1fr]">
      <Picture
        preview={render.preview ?? last}
        label={render.preview === null ? t('render.work.last') : t('render.work.preview', { percent })}
      />
      <div className="min-w-0">
        <p className="mb-2 flex justify-between gap-4 text-sm">
          <span className="text-soft">{t('render.work.progress')}</span>
          <span className="font-medium tabular-nums" data-testid="render-progress" data-share={share}>
            {percent}
          </span>
        </p>
        <MeterBar label={t('render.work.progress')} text={percent} share={share} />
        {render.state === 'paused' && <p className="mt-2 text-sm text-honey">{t('render.work.paused')}</p>}
        <div className="mt-5 text-sm">
          <Facts
            facts={[
              {
                name: t('render.work.frame'),
                value: t('render.work.frameValue', { frame: unit.frame + 1, part: unit.unit + 1 }),
              },
              { name: t('render.work.size'), value: t('render.work.sizeValue', { ...unit }) },
              {
                name: t('render.work.samples'),
                value: t('render.work.samplesValue', {
                  done: formatCount(unit.samplesDone),
                  total: formatCount(unit.samplesTotal),
                }),
              },
              { name: t('render.work.since'), value: <Moment atMs={unit.startedAtMs} nowMs={nowMs} /> },
              {
                name: t('render.work.customer'),
                value: <span title={unit.customer}>{shortenIdentifier(unit.customer)}</span>,
              },
            ]}
          />
        </div>
      </div>
    </div>
  )
}

/** The picture on a dark ground of its own, as large as it fits, with sharp points while they are few. */
function Picture({ preview, label }: { preview: Preview | null; label: string }): ReactElement {
  return (
    <div className="grid aspect-square w-full place-items-center overflow-hidden rounded-2xl border border-hearth-line bg-hearth p-3">
      {preview === null ? (
        <p className="px-4 text-center text-sm text-cream-soft">{t('render.work.noPreview')}</p>
      ) : (
        <PreviewCanvas picture={preview} label={label} className="size-full rounded-lg object-contain" />
      )}
    </div>
  )
}

function Idle({ render, last }: { render: RenderStatus | null; last: Preview | null }): ReactElement {
  const words = wordsOf(render)
  const state = <EmptyState icon={<Frame />} title={t(`render.work.${words}`)} text={t(`render.work.${words}Text`)} />
  if (last === null) return state
  return (
    <div className="grid items-start gap-6 wide:grid-cols-[minmax(0,20rem)_1fr]">
      <div>
        <Picture preview={last} label={t('render.work.last')} />
        <p className="mt-2 text-sm text-soft">{t('render.work.last')}</p>
      </div>
      {state}
    </div>
  )
}

function wordsOf(render: RenderStatus | null) {
  if (render === null) return 'stopped' as const
  switch (render.state) {
    case 'paused':
      return 'pausedIdle' as const
    case 'rendering':
      return 'starting' as const
    case 'starting':
    case 'benchmarking':
    case 'noSurface':
    case 'idle':
      return render.state
  }
}
