import type { ReactElement } from 'react'
import { Facts } from '../../components/facts.tsx'
import { Money } from '../../components/money.tsx'
import { t } from '../../format/message.ts'
import { sumWei } from '../../format/money.ts'
import { formatBytes } from '../../format/number.ts'
import { spanInWords } from '../../format/span.ts'
import { useCurrency } from '../../state/snapshot.ts'
import type { RoleView } from '../../state/snapshot.ts'

export type Leaving = NonNullable<NonNullable<RoleView['status']>['leaving']>

/** The consequences of leaving in figures. */
export function ExitFacts({ leaving }: { leaving: Leaving }): ReactElement {
  const currency = useCurrency()
  const lastPay = sumWei(leaving.sets.map((set) => set.periodPayWei))
  // Both bounds hold: what the contract lets go in a period, and what the line carries.
  const byContract = leaving.periodSeconds * Math.max(1, leaving.periods ?? 1)
  const seconds = Math.max(byContract, leaving.bytes / Math.max(1, leaving.bytesPerSecond ?? Infinity))
  const facts = [
    {
      name: t('exit.toGo'),
      value: t('exit.toGoValue', { pieces: leaving.pieces, bytes: formatBytes(leaving.bytes) }),
    },
    { name: t('exit.gone'), value: formatBytes(leaving.bytesHandedOver) },
    { name: t('exit.lasts'), value: spanInWords(Math.max(60, seconds) * 1000) },
    { name: t('exit.lastPay'), value: <Money wei={lastPay} currency={currency} /> },
    { name: t('exit.downloads'), value: <Money wei={leaving.unredeemedWei} currency={currency} /> },
  ]
  return <Facts facts={facts} />
}
