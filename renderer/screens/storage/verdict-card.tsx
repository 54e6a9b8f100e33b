import { CircleCheck, CircleMinus, CircleX, Hourglass, ThumbsUp } from 'lucide-react'
import type { LucideIcon } from 'lucide-react'
import type { ReactElement, ReactNode } from 'react'
import { Card } from '../../components/card.tsx'
import { cn } from '../../components/cn.ts'
import { diskName } from '../../format/disk.ts'
import { t } from '../../format/message.ts'
import { formatBytes, formatBytesPerSecond } from '../../format/number.ts'
import type { RoleView, Suitability } from '../../state/snapshot.ts'
import { useDiskChoice } from './use-disk-choice.ts'

const looks: Readonly<Record<Suitability['verdict'], { icon: LucideIcon; color: string }>> = {
  good: { icon: ThumbsUp, color: 'bg-moss-wash text-moss' },
  fair: { icon: CircleCheck, color: 'bg-moss-wash text-moss' },
  poor: { icon: CircleMinus, color: 'bg-honey-wash text-honey' },
  unsuitable: { icon: CircleX, color: 'bg-rust-wash text-rust' },
}

/** How well the chosen disk suits, as measured, with the reasons; `children` is what to do about it. */
export function VerdictCard({ intent, children }: { intent: RoleView['intent']; children?: ReactNode }): ReactElement {
  const { options, choice } = useDiskChoice(intent)
  const option = options.find(({ mount }) => mount === choice?.mount) ?? options[0]
  const suitability = option?.suitability ?? null
  const look = suitability === null ? { icon: Hourglass, color: 'bg-raised text-soft' } : looks[suitability.verdict]
  return (
    <Card heading={t('storage.verdict.heading')}>
      <div className="flex flex-wrap items-start gap-5">
        <span aria-hidden="true" className={cn('grid size-14 shrink-0 place-items-center rounded-2xl', look.color)}>
          <look.icon className="size-7" />
        </span>
        <div className="min-w-60 flex-1" data-testid="verdict" data-state={suitability?.verdict ?? 'none'}>
          <p className="text-xl font-semibold tracking-[-0.02em]">
            {suitability === null ? t('storage.verdict.none') : t(`storage.verdict.${suitability.verdict}`)}
          </p>
          {option !== undefined && (
            <p className="text-soft">
              {diskName(option.mount)} ·{' '}
              {t('hardware.disk.free', {
                free: formatBytes(option.disk.freeBytes),
                size: formatBytes(option.disk.sizeBytes),
              })}
            </p>
          )}
          <Reasons suitability={suitability} />
        </div>
        {children}
      </div>
    </Card>
  )
}

function Reasons({ suitability }: { suitability: Suitability | null }): ReactElement {
  if (suitability === null) return <p className="mt-2 text-soft">{t('storage.verdict.noneText')}</p>
  return (
    <ul className="mt-3 flex list-disc flex-col gap-1 pl-5">
      {suitability.reasons.map((reason) => (
        <li key={reason}>{t(`storage.reason.${reason}`)}</li>
      ))}
      {suitability.writeBytesPerSecond !== null && (
        <li className="text-soft">
          {t('storage.verdict.speed', { rate: formatBytesPerSecond(suitability.writeBytesPerSecond) })}
        </li>
      )}
    </ul>
  )
}
