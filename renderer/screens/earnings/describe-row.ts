import { t } from '../../format/message.ts'
import { formatWei } from '../../format/money.ts'
import type { LedgerRow } from '../../state/snapshot.ts'

/** What a payment was for, in a few words. */
export function describeRow(row: Pick<LedgerRow, 'kind' | 'work' | 'epoch'>): string {
  switch (row.kind) {
    case 'work':
      return t(`ledger.kind.${row.work ?? 'work'}`)
    case 'reward':
      return row.epoch === null ? t('ledger.kind.rewardPlain') : t('ledger.kind.reward', { epoch: String(row.epoch) })
    case 'claim':
    case 'stake':
      return t(`ledger.kind.${row.kind}`)
  }
}

/** An amount with its sign, in all six digits, rounded towards zero so that neither side shows more than there is. */
export function signedAmount(wei: string): string {
  const isOut = wei.startsWith('-')
  const amount = formatWei(isOut ? wei.slice(1) : wei, { allDigits: true })
  return isOut ? `−${amount}` : amount
}
