import { t } from '../../format/message.ts'
import type { PayoutView } from '../../state/snapshot.ts'

/** One line on how far the account that is paid can be trusted. A difference has words of its own, in red. */
export function describePayout(payout: PayoutView, account: string | null): string {
  if (payout.differs) return ''
  const isOwn = account !== null && account.toLowerCase() === payout.address.toLowerCase()
  const confirmed = payout.confirmedAddress?.toLowerCase() === payout.address.toLowerCase()
  const words = [isOwn ? t('wallet.payout.own') : '', t(confirmed ? 'wallet.payout.confirmed' : 'wallet.payout.never')]
  return words.filter((word) => word !== '').join(' ')
}
