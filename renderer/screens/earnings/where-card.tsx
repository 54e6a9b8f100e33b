import type { ReactElement, ReactNode } from 'react'
import { Card } from '../../components/card.tsx'
import { Money } from '../../components/money.tsx'
import { Notice } from '../../components/notice.tsx'
import { t } from '../../format/message.ts'
import { formatCoin } from '../../format/tokens.ts'
import { useNewestPayments } from '../../state/earnings-overview.ts'
import { useCurrency } from '../../state/snapshot.ts'
import type { EarningsSummary } from '../../state/snapshot.ts'
import { differences } from './find-differences.ts'

/** Where everything that was earned is now, each with what it means; in red when the sums disagree. */
export function WhereCard({ earnings }: { earnings: EarningsSummary }): ReactElement {
  return (
    <Card heading={t('earnings.where.heading')}>
      {!earnings.reconciles && <Mismatch />}
      <dl className="divide-y divide-line">
        <Place name="earned" wei={earnings.earnedWei} strong />
        <Place name="claimable" wei={earnings.claimableWei} />
        <Place name="claimed" wei={earnings.claimedWei} />
        <Place name="moved" wei={earnings.movedToStakeWei} />
        <Place name="accruing" wei={earnings.accruingWei} />
        <Place name="burned" wei={earnings.burnedWei} />
        <Row name="gas">{t('earnings.gas.levelValue', { amount: formatCoin(earnings.gasWei) })}</Row>
      </dl>
    </Card>
  )
}

type PlaceName = 'earned' | 'claimable' | 'claimed' | 'moved' | 'accruing' | 'burned'

function Place({ name, wei, strong = false }: { name: PlaceName; wei: string; strong?: boolean }): ReactElement {
  return (
    <Row name={name}>
      <Money wei={wei} currency={useCurrency()} size={strong ? 'stat' : 'inline'} testId={`money-${name}`} />
    </Row>
  )
}

function Row({ name, children }: { name: PlaceName | 'gas'; children: ReactNode }): ReactElement {
  return (
    <div className="flex flex-wrap items-baseline justify-between gap-x-8 gap-y-1 py-3 first:pt-0 last:pb-0">
      <dt className="min-w-0 flex-1 basis-64">
        <span className="font-medium">{t(`earnings.where.${name}`)}</span>
        <span className="block text-sm text-soft">{t(`earnings.where.${name}Text`)}</span>
      </dt>
      <dd className="text-right font-medium tabular-nums">{children}</dd>
    </div>
  )
}

/** Which sums differ, by how much, and what to do. */
function Mismatch(): ReactElement {
  const { value } = useNewestPayments()
  const rows = value === null ? [] : differences(value.sums)
  return (
    <div className="mb-5" data-testid="books-mismatch">
      <Notice tone="bad" title={t('earnings.mismatch.title')} text={t('earnings.mismatch.text')} />
      <ul className="mt-3 flex flex-col gap-1 text-sm">
        {rows.map(({ name, list, network }) => (
          <li key={name} className="text-rust wrap-anywhere">
            {t('earnings.mismatch.row', { name: t(`earnings.mismatch.${name}`), list, network })}
          </li>
        ))}
      </ul>
    </div>
  )
}
