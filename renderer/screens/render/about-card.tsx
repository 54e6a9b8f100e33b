import { Brush, Eye, Gauge, PowerOff, ShieldCheck } from 'lucide-react'
import type { LucideIcon } from 'lucide-react'
import type { ReactElement } from 'react'
import { Card } from '../../components/card.tsx'
import { Points } from '../../components/points.tsx'
import { t } from '../../format/message.ts'
import { useCurrency } from '../../state/snapshot.ts'

const points = ['does', 'uses', 'sees', 'safe', 'stops'] as const

const icons: Readonly<Record<(typeof points)[number], LucideIcon>> = {
  does: Brush,
  uses: Gauge,
  sees: Eye,
  safe: ShieldCheck,
  stops: PowerOff,
}

/** What a person should know before agreeing, above all that scenes come from strangers (PROTOCOL 6.7). */
export function AboutCard({ on = false }: { on?: boolean }): ReactElement {
  const { practice } = useCurrency()
  return (
    <Card heading={on ? t('render.about.headingOn') : t('render.about.heading')}>
      <Points
        points={points.map((point) => ({
          icon: icons[point],
          title: t(`render.about.${point}`),
          text: t(`render.about.${point}Text`),
        }))}
      />
      {practice === true && <p className="mt-6 border-t border-line pt-4 text-soft">{t('render.about.practice')}</p>}
    </Card>
  )
}
