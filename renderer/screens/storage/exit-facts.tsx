import type { ReactElement } from 'react'
import { Facts } from '../../components/facts.tsx'
import { Money } from '../../components/money.tsx'
import { t } from '../../format/message.ts'
import { sumWei } from '../../format/money.ts'
import { formatBytes } from '../../format/number.ts'
import { useCurrency } from '../../state/snapshot.ts'
import type { RoleView } from '../../state/snapshot.ts'

export type Leaving = NonNullable<NonNullable<RoleView['status']>['leaving']>

/** The consequences of leaving in figures. */
export function ExitFacts({ leaving }: { leaving: Leaving }): ReactElement {
  const currency = useCurrency()
  const lastPay = sumWei(leaving.sets.map((set) => set.periodPayWei))
  const seconds = Math.max(leaving.periodSeconds, leaving.bytes / Math.max(1, leaving.bytesPerSecond ?? Infinity))
  const facts = [
    {
      name: t('exit.toGo'),
      value: t('exit.toGoValue', { pieces: leaving.pieces, bytes: formatBytes(leaving.bytes) }),
    },
    { name: t('exit.gone'), value: formatBytes(leaving.bytesHandedOver) },
    { name: t('exit.lasts'), value: t('exit.lastsValue', { minutes: Math.max(1, Math.ceil(seconds / 60)) }) },
    { name: t('exit.lastPay'), value: <Money wei={lastPay} currency={currency} /> },
    { name: t('exit.downloads'), value: <Money wei={leaving.unredeemedWei} currency={currency} /> },
  ]
  return <Facts facts={facts} />
}
