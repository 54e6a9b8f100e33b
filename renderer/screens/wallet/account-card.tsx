import { useState } from 'react'
import type { ReactElement, ReactNode } from 'react'
import { Button } from '../../components/button.tsx'
import { Card } from '../../components/card.tsx'
import { Facts } from '../../components/facts.tsx'
import { Account } from '../../components/identifier.tsx'
import { Money } from '../../components/money.tsx'
import { t } from '../../format/message.ts'
import { useCurrency } from '../../state/snapshot.ts'
import type { WalletView } from '../../state/snapshot.ts'
import { SendDialog } from './send-dialog.tsx'

/** The account that the key stands for, what is in it, and the way to send from it. */
export function AccountCard({ wallet }: { wallet: WalletView }): ReactElement {
  const [sending, setSending] = useState(false)
  const { account, balanceWei } = wallet
  const canSend = account !== null && balanceWei !== null && balanceWei !== '0'
  const send = canSend ? <Button onClick={() => setSending(true)}>{t('wallet.account.send')}</Button> : undefined
  return (
    <Card heading={t('wallet.account.heading')} aside={send}>
      <Facts facts={factsOf(account, balanceWei)} />
      {sending && balanceWei !== null && <SendDialog balanceWei={balanceWei} onClose={() => setSending(false)} />}
    </Card>
  )
}

function factsOf(account: string | null, balanceWei: string | null): { name: string; value: ReactNode }[] {
  const unknown = <span className="font-normal text-soft">{t('wallet.account.none')}</span>
  return [
    {
      name: t('wallet.account.address'),
      value: account === null ? unknown : <Account address={account} copyLabel={t('wallet.account.copy')} />,
    },
    {
      name: t('wallet.account.balance'),
      value: balanceWei === null ? t('value.unknown') : <Balance wei={balanceWei} />,
    },
  ]
}

function Balance({ wei }: { wei: string }): ReactElement {
  return (
    <>
      <Money wei={wei} currency={useCurrency()} testId="wallet-balance" />
      <span className="block max-w-96 text-sm font-normal text-soft">{t('wallet.account.balanceHint')}</span>
    </>
  )
}
