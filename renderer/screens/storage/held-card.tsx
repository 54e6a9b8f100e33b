import type { ReactElement } from 'react'
import { Card } from '../../components/card.tsx'
import { t } from '../../format/message.ts'
import { formatBytes } from '../../format/number.ts'
import { formatMoment } from '../../format/time.ts'
import { useNow } from '../../state/clock.ts'
import type { RoleView } from '../../state/snapshot.ts'

/** For whom pieces are held, until when they are paid, and what happens then, in sentences. */
export function HeldCard({ view }: { view: RoleView }): ReactElement {
  const nowMs = useNow(60_000)
  const storage = view.status?.storage ?? null
  const { pieces = 0, customers = 0, pendingBytes = 0 } = storage ?? {}
  const paidUntilMs = storage?.paidUntilMs ?? null
  return (
    <Card heading={t('held.heading')}>
      {pieces === 0 ? (
        <p className="text-soft">{t('held.none')}</p>
      ) : (
        <div className="flex flex-col gap-3">
          <p>{t('held.whom', { customers, pieces })}</p>
          {pendingBytes > 0 && <p>{t('held.arriving', { bytes: formatBytes(pendingBytes) })}</p>}
          <p data-testid="held-paid">
            {paidUntilMs === null ? t('held.unpaid') : t('held.paid', { when: formatMoment(paidUntilMs, nowMs) })}
          </p>
          <p className="text-soft">{t('held.end')}</p>
        </div>
      )}
    </Card>
  )
}
