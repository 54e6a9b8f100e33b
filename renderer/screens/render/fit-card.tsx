import { CircleCheck, CircleMinus, Hourglass, MonitorX, ThumbsUp } from 'lucide-react'
import type { LucideIcon } from 'lucide-react'
import type { ReactElement, ReactNode } from 'react'
import { Card } from '../../components/card.tsx'
import { cn } from '../../components/cn.ts'
import { Facts } from '../../components/facts.tsx'
import { t } from '../../format/message.ts'
import { formatMemory, formatScore } from '../../format/number.ts'
import { formatRelative } from '../../format/time.ts'
import { useNow } from '../../state/clock.ts'
import { useSnapshot } from '../../state/snapshot.ts'
import type { RoleView } from '../../state/snapshot.ts'
import { judgeGraphics } from './judge-graphics.ts'
import type { GraphicsVerdict } from './judge-graphics.ts'

const looks: Readonly<Record<GraphicsVerdict['fit'], { icon: LucideIcon; color: string }>> = {
  strong: { icon: ThumbsUp, color: 'bg-moss-wash text-moss' },
  fair: { icon: CircleCheck, color: 'bg-moss-wash text-moss' },
  slow: { icon: CircleMinus, color: 'bg-honey-wash text-honey' },
  unknown: { icon: Hourglass, color: 'bg-raised text-soft' },
  looking: { icon: Hourglass, color: 'bg-raised text-soft' },
  none: { icon: MonitorX, color: 'bg-honey-wash text-honey' },
}

/** How well the graphics card suits, as measured, and which scenes it takes; `children` is what to do about it. */
export function FitCard({ view, children }: { view: RoleView; children?: ReactNode }): ReactElement {
  const inventory = useSnapshot((snapshot) => snapshot.inventory)
  const score = view.status?.render?.score ?? null
  const { fit, scenes } = judgeGraphics(inventory, score)
  const look = looks[fit]
  const nowMs = useNow()
  return (
    <Card heading={t('render.fit.heading')}>
      <div className="flex flex-wrap items-start gap-5">
        <span aria-hidden="true" className={cn('grid size-14 shrink-0 place-items-center rounded-2xl', look.color)}>
          <look.icon className="size-7" />
        </span>
        <div className="min-w-60 flex-1" data-testid="render-fit" data-state={fit}>
          <p className="text-xl font-semibold tracking-[-0.02em]">{t(`render.fit.${fit}`)}</p>
          <p className="mt-1 max-w-[40rem] text-soft">{explain(fit, score, nowMs)}</p>
        </div>
        {children}
      </div>
      <div className="mt-5 border-t border-line pt-4">
        <Facts
          facts={[
            { name: t('render.fit.card'), value: <Cards /> },
            ...(scenes === null ? [] : [{ name: t('render.fit.scenes'), value: t(`render.fit.scenes.${scenes}`) }]),
            ...(score === null
              ? []
              : [
                  {
                    name: t('render.fit.score'),
                    value: (
                      <span data-testid="render-score">
                        {t('render.fit.scoreValue', { score: formatScore(score.megasamplesPerSecond) })}
                      </span>
                    ),
                  },
                ]),
          ]}
        />
      </div>
    </Card>
  )
}

function explain(fit: GraphicsVerdict['fit'], score: Score | null, nowMs: number): string {
  if (score?.software === true) return t('render.fit.software')
  if (score !== null) {
    return t('render.fit.measured', { when: formatRelative(score.measuredAtMs, nowMs), device: score.device })
  }
  return fit === 'none' ? t('render.fit.noneText') : t('render.fit.unknownText')
}

type Score = NonNullable<NonNullable<NonNullable<RoleView['status']>['render']>['score']>

/** What was found, one a line; which of several renders is the system's choice. */
function Cards(): ReactElement {
  const gpus = useSnapshot((snapshot) => snapshot.inventory?.gpus ?? null)
  if (gpus === null || gpus.length === 0) return <>{t(gpus === null ? 'value.unknown' : 'hardware.gpus.none')}</>
  return (
    <>
      {gpus.map((gpu, index) => (
        <span key={`${gpu.model}-${index}`} className="block wrap-anywhere">
          {gpu.memoryBytes === null ? gpu.model : `${gpu.model} · ${formatMemory(gpu.memoryBytes)}`}
        </span>
      ))}
      {gpus.length > 1 && <span className="block text-sm font-normal text-soft">{t('render.fit.oneCard')}</span>}
    </>
  )
}
