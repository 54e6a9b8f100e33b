import { Eye, HardDriveDownload, PowerOff, Scale } from 'lucide-react'
import type { LucideIcon } from 'lucide-react'
import type { ReactElement } from 'react'
import { Card } from '../../components/card.tsx'
import { Points } from '../../components/points.tsx'
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
      <Points
        points={points.map((point) => ({
          icon: icons[point],
          title: t(`storage.about.${point}`),
          text: t(`storage.about.${point}Text`),
        }))}
      />
      {practice === true && <p className="mt-6 border-t border-line pt-4 text-soft">{t('storage.about.practice')}</p>}
    </Card>
  )
}
