import { ReceiptText } from 'lucide-react'
import { useState } from 'react'
import type { ReactElement } from 'react'
import { Badge } from '../../components/badge.tsx'
import { Button } from '../../components/button.tsx'
import { Card } from '../../components/card.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { Facts } from '../../components/facts.tsx'
import { LoadFailure } from '../../components/load-failure.tsx'
import { Money } from '../../components/money.tsx'
import { Pager } from '../../components/pager.tsx'
import { SkeletonRows } from '../../components/skeleton.tsx'
import { t } from '../../format/message.ts'
import { ledgerRowsPerPage, refreshLedger, useLedger } from '../../state/earnings-overview.ts'
import { useCurrency } from '../../state/snapshot.ts'
import type { LedgerPage, LedgerRow } from '../../state/snapshot.ts'
import { differences } from './find-differences.ts'
import type { Difference, DifferenceName } from './find-differences.ts'
import { LedgerDetails } from './ledger-details.tsx'
import { LedgerTable } from './ledger-table.tsx'
import { TaxDialog } from './tax-dialog.tsx'

/** Every payment, a page at a time, with the sums over all of them beside what the network says. */
export function LedgerCard(): ReactElement {
  const [page, setPage] = useState(0)
  const [shown, setShown] = useState<LedgerRow | null>(null)
  const [saving, setSaving] = useState(false)
  const { value, failure } = useLedger(page)
  const save = (
    <Button size="small" disabled={value === null} onClick={() => setSaving(true)}>
      {t('tax.open')}
    </Button>
  )
  return (
    <Card heading={t('ledger.heading')} aside={save}>
      {failure !== null && <LoadFailure failure={failure} onRetry={() => void refreshLedger(page)} />}
      {value === null && failure === null && <SkeletonRows rows={4} />}
      {value !== null && value.total === 0 && (
        <EmptyState icon={<ReceiptText />} title={t('ledger.none')} text={t('ledger.noneText')} />
      )}
      {value !== null && value.total > 0 && (
        <>
          <LedgerTable rows={value.rows} onDetails={setShown} />
          <Pager page={page} perPage={ledgerRowsPerPage} total={value.total} onPage={setPage} />
          <Sums sums={value.sums} />
        </>
      )}
      {shown !== null && <LedgerDetails row={shown} onClose={() => setShown(null)} />}
      {saving && <TaxDialog onClose={() => setSaving(false)} />}
    </Card>
  )
}

function Sums({ sums }: { sums: LedgerPage['sums'] }): ReactElement {
  const wrong = differences(sums)
  const value = (name: DifferenceName, wei: string): ReactElement => (
    <SumValue name={name} wei={wei} difference={wrong.find((difference) => difference.name === name) ?? null} />
  )
  return (
    <section aria-label={t('ledger.sums')} className="mt-5 border-t border-line pt-4">
      <div className="mb-3 flex flex-wrap items-center justify-between gap-3">
        <h3 className="text-sm font-medium text-soft">{t('ledger.sums')}</h3>
        <span data-testid="ledger-agrees" data-agrees={sums.reconciles}>
          <Badge tone={sums.reconciles ? 'good' : 'bad'}>{t(sums.reconciles ? 'ledger.agree' : 'ledger.differ')}</Badge>
        </span>
      </div>
      <Facts
        facts={[
          { name: t('ledger.sum.earned'), value: value('earned', sums.earnedWei) },
          { name: t('ledger.sum.rewards'), value: value('rewards', sums.rewardsWei) },
          { name: t('ledger.sum.claimed'), value: value('claimed', sums.claimedWei) },
          { name: t('ledger.sum.moved'), value: value('moved', sums.movedToStakeWei) },
          { name: t('ledger.sum.burned'), value: value('burned', sums.burnedWei) },
        ]}
      />
    </section>
  )
}

/** A sum of the list; where the network says another one, that stands below it in red, to the last digit. */
function SumValue(props: { name: DifferenceName; wei: string; difference: Difference | null }): ReactElement {
  const { name, wei, difference } = props
  return (
    <>
      <Money wei={wei} currency={useCurrency()} testId={`ledger-${name}`} />
      {difference !== null && (
        <span data-testid={`ledger-${name}-differs`} className="block text-sm text-rust wrap-anywhere">
          {t('ledger.sum.network', { network: difference.network })}
        </span>
      )}
    </>
  )
}
