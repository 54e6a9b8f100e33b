import type { ReactElement, ReactNode } from 'react'
import { Button, buttonLook } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { Facts } from '../../components/facts.tsx'
import { Account } from '../../components/identifier.tsx'
import { CopyButton } from '../../components/copy-button.tsx'
import { t } from '../../format/message.ts'
import { formatCount } from '../../format/number.ts'
import { formatExact } from '../../format/time.ts'
import { rewardCheck } from '../../state/money-tasks.ts'
import { screenHref, screens } from '../../state/route.ts'
import { useCurrency } from '../../state/snapshot.ts'
import type { LedgerRow } from '../../state/snapshot.ts'
import { describeRow } from './describe-row.ts'
import { exactTokens } from './find-differences.ts'

/** One payment in full: the exact amount, who worked for whom, the record, and the way to the work itself. */
export function LedgerDetails({ row, onClose }: { row: LedgerRow; onClose: () => void }): ReactElement {
  return (
    <Dialog
      open
      onOpenChange={(next) => {
        if (!next) onClose()
      }}
      title={describeRow(row)}
      description={formatExact(row.atMs)}
      actions={
        <>
          <WayToWork row={row} onGone={onClose} />
          <Button onClick={onClose}>{t('action.close')}</Button>
        </>
      }
    >
      <div className="mt-5">
        <Facts facts={useRowFacts(row)} />
      </div>
    </Dialog>
  )
}

function useRowFacts(row: LedgerRow): { name: string; value: ReactNode }[] {
  const { symbol } = useCurrency()
  const facts: (false | { name: string; value: ReactNode })[] = [
    { name: t('ledger.details.exact'), value: `${exactTokens(row.amountWei)} ${symbol}` },
    row.burnedWei !== '0' && { name: t('ledger.burned'), value: `${exactTokens(row.burnedWei)} ${symbol}` },
    row.node !== null && {
      name: t('ledger.details.key'),
      value: <Account address={row.node} copyLabel={t('ledger.details.copyKey')} />,
    },
    row.customer !== null && {
      name: t('ledger.details.customer'),
      value: <Account address={row.customer} copyLabel={t('ledger.details.copyCustomer')} />,
    },
    row.blockNumber !== null && { name: t('ledger.details.block'), value: formatCount(row.blockNumber) },
    row.transactionHash !== null && {
      name: t('ledger.details.record'),
      value: (
        <span className="inline-flex flex-wrap items-center justify-end gap-2">
          <span className="font-mono text-sm wrap-anywhere">{row.transactionHash}</span>
          <CopyButton text={row.transactionHash} label={t('ledger.copyRecord')} bare />
        </span>
      ),
    },
  ]
  return facts.filter((fact) => fact !== false)
}

/** Where the work of this payment can be looked at: the page of its role, the wallet, or a check of the reward. */
function WayToWork({ row, onGone }: { row: LedgerRow; onGone: () => void }): ReactElement | null {
  const { epoch, role } = row
  if (row.kind === 'reward' && epoch !== null) {
    const verify = (): void => {
      onGone()
      void rewardCheck.run({ epoch })
    }
    return <Button onClick={verify}>{t('ledger.details.verify')}</Button>
  }
  const screen = screens.find((name) => (row.kind === 'work' ? name === role : name === 'wallet'))
  if (screen === undefined) return null
  const label =
    row.kind === 'work' && role !== null
      ? t('ledger.details.openRole', { role: t(`role.${role}`) })
      : t('ledger.details.openWallet')
  return (
    <a href={screenHref(screen)} onClick={onGone} className={buttonLook()}>
      {label}
    </a>
  )
}
