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
  const currency = useCurrency()
  const amount = (wei: string, testId: string): ReactElement => <Money wei={wei} currency={currency} testId={testId} />
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
          { name: t('ledger.sum.earned'), value: amount(sums.earnedWei, 'ledger-earned') },
          { name: t('ledger.sum.claimed'), value: amount(sums.claimedWei, 'ledger-claimed') },
          { name: t('ledger.sum.moved'), value: amount(sums.movedToStakeWei, 'ledger-moved') },
          { name: t('ledger.sum.burned'), value: amount(sums.burnedWei, 'ledger-burned') },
        ]}
      />
    </section>
  )
}
