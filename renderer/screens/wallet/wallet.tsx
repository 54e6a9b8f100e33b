import { WalletMinimal } from 'lucide-react'
import type { ReactElement } from 'react'
import { EmptyState } from '../../components/empty-state.tsx'
import { Page } from '../../components/page.tsx'
import { t } from '../../format/message.ts'
import { useSnapshot } from '../../state/snapshot.ts'
import { AccountCard } from './account-card.tsx'
import { ChooseCard } from './choose-card.tsx'
import { DeviceCard } from './device-card.tsx'
import { KeysCard } from './keys-card.tsx'
import { LostCard } from './lost-card.tsx'
import { PayoutCard } from './payout-card.tsx'

/** The operator's key: what holds it, whether it answers, where it is paid, and what to do when something is lost. */
export function Wallet(): ReactElement {
  const wallet = useSnapshot((snapshot) => snapshot.wallet)
  return (
    <Page title={t('wallet.title')} lead={t('wallet.lead')}>
      {wallet === null ? (
        <EmptyState icon={<WalletMinimal />} title={t('wallet.none')} text={t('wallet.noneText')} />
      ) : (
        <>
          <ChooseCard choice={wallet.choice} />
          <DeviceCard wallet={wallet} />
          <PayoutCard wallet={wallet} />
          <AccountCard wallet={wallet} />
          <KeysCard />
        </>
      )}
      <LostCard />
    </Page>
  )
}
