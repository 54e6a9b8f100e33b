import { Eye, HardDriveDownload, PowerOff, Scale } from 'lucide-react'
import type { LucideIcon } from 'lucide-react'
import type { ReactElement } from 'react'
import { Card } from '../../components/card.tsx'
import { t } from '../../format/message.ts'
import { useCurrency } from '../../state/snapshot.ts'

const points = ['does', 'uses', 'sees', 'stops'] as const

const icons: Readonly<Record<(typeof points)[number], LucideIcon>> = {
  does: HardDriveDownload,
  uses: Scale,
  sees: Eye,
  stops: PowerOff,
}

/** What a person should know before agreeing: what it does, uses and shows to others, and how to stop. */
export function AboutCard({ on = false }: { on?: boolean }): ReactElement {
  const { practice } = useCurrency()
  return (
    <Card heading={on ? t('storage.about.headingOn') : t('storage.about.heading')}>
      <ul className="grid gap-x-10 gap-y-7 wide:grid-cols-2">
        {points.map((point) => (
          <Point key={point} point={point} />
        ))}
      </ul>
      {practice === true && <p className="mt-6 border-t border-line pt-4 text-soft">{t('storage.about.practice')}</p>}
    </Card>
  )
}

function Point({ point }: { point: (typeof points)[number] }): ReactElement {
  const Icon = icons[point]
  return (
    <li className="flex gap-4">
      <span aria-hidden="true" className="grid size-10 shrink-0 place-items-center rounded-xl bg-glow text-ember">
        <Icon className="size-5" />
      </span>
      <div>
        <h3 className="font-semibold">{t(`storage.about.${point}`)}</h3>
        <p className="mt-1 text-soft">{t(`storage.about.${point}Text`)}</p>
      </div>
    </li>
  )
}
