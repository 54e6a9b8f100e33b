import type { ReactElement, ReactNode } from 'react'
import { Card } from '../../components/card.tsx'
import { Facts } from '../../components/facts.tsx'
import { MeterBar } from '../../components/meter-bar.tsx'
import { Money } from '../../components/money.tsx'
import { Stat, StatList } from '../../components/stat.tsx'
import { t } from '../../format/message.ts'
import { formatBytes, formatCount } from '../../format/number.ts'
import { useCurrency } from '../../state/snapshot.ts'
import type { RoleView } from '../../state/snapshot.ts'

/** How much is held, for how many, and how full the lent space is. */
export function HoldingCard({ view }: { view: RoleView }): ReactElement {
  const storage = view.status?.storage ?? null
  const limitBytes = view.allowance.diskLimitBytes ?? view.intent.disks[0]?.limitBytes ?? null
  const usedBytes = storage?.usedBytes ?? 0
  const used = limitBytes === null ? formatBytes(usedBytes) : usedOf(usedBytes, limitBytes)
  return (
    <Card heading={t('storage.holding.heading')}>
      <StatList>
        <Stat label={t('storage.holding.pieces')}>
          <span data-testid="pieces-total" data-count={storage?.pieces ?? 0}>
            {formatCount(storage?.pieces ?? 0)}
          </span>
        </Stat>
        <Stat label={t('storage.holding.customers')}>{formatCount(storage?.customers ?? 0)}</Stat>
        <Stat label={t('storage.holding.peers')}>{formatCount(view.status?.peers ?? 0)}</Stat>
      </StatList>
      <div className="mt-6">
        <p className="mb-2 flex flex-wrap justify-between gap-x-4 text-sm">
          <span className="text-soft">{t('storage.holding.used')}</span>
          <span className="font-medium tabular-nums">{used}</span>
        </p>
        <MeterBar
          label={t('storage.holding.usedLabel')}
          text={used}
          share={limitBytes === null ? 0 : usedBytes / limitBytes}
        />
        {storage !== null && storage.pendingBytes > 0 && (
          <p className="mt-2 text-sm text-soft">
            {t('storage.holding.arriving', { bytes: formatBytes(storage.pendingBytes) })}
          </p>
        )}
      </div>
      <div className="mt-6 border-t border-line pt-5">
        <Facts facts={spaceFacts(view)} />
      </div>
    </Card>
  )
}

/** What stays for the person, and what is earned by downloads but not yet credited. */
function spaceFacts(view: RoleView): { name: string; value: ReactNode }[] {
  const storage = view.status?.storage ?? null
  const bytes = (value: number | null): string => (value === null ? t('value.unknown') : formatBytes(value))
  return [
    { name: t('storage.holding.reserve'), value: bytes(view.allowance.diskReserveBytes) },
    { name: t('storage.holding.free'), value: bytes(storage?.freeBytes ?? null) },
    { name: t('storage.holding.unredeemed'), value: <Unredeemed wei={storage?.unredeemedWei ?? '0'} /> },
  ]
}

function Unredeemed({ wei }: { wei: string }): ReactElement {
  return <Money wei={wei} currency={useCurrency()} />
}

function usedOf(usedBytes: number, limitBytes: number): string {
  return t('storage.holding.usedOf', { used: formatBytes(usedBytes), limit: formatBytes(limitBytes) })
}
