import type { ReactElement } from 'react'
import { Card } from '../../components/card.tsx'
import { t } from '../../format/message.ts'
import { useCurrency } from '../../state/snapshot.ts'

const cases = ['computer', 'device', 'phrase', 'both'] as const

/** What a lost computer, a lost device and a lost recovery phrase mean, and what to do before and after. */
export function LostCard(): ReactElement {
  const { practice } = useCurrency()
  const shown = practice === true ? ([...cases, 'practice'] as const) : cases
  return (
    <Card heading={t('wallet.lost.heading')}>
      <dl className="grid gap-x-10 gap-y-6 wide:grid-cols-2">
        {shown.map((name) => (
          <div key={name}>
            <dt className="font-semibold">{t(`wallet.lost.${name}`)}</dt>
            <dd className="mt-1 text-soft">{t(`wallet.lost.${name}Text`)}</dd>
          </div>
        ))}
      </dl>
    </Card>
  )
}
