import { useState } from 'react'
import type { ReactElement } from 'react'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { TextField } from '../../components/text-field.tsx'
import { t } from '../../format/message.ts'
import { amountProblem, readAddress, readTokens } from '../../format/tokens.ts'
import { askConsent } from '../../state/consent.ts'
import { useCurrency } from '../../state/snapshot.ts'

/** Asks to whom and how much, then opens the review. */
export function SendDialog({ balanceWei, onClose }: { balanceWei: string; onClose: () => void }): ReactElement {
  const { symbol } = useCurrency()
  const [to, setTo] = useState('')
  const [amount, setAmount] = useState('')
  const address = readAddress(to)
  const wrong = amountProblem(amount, balanceWei)
  const micro = readTokens(amount)
  const review = (): void => {
    if (address === null || micro === null) return
    onClose()
    void askConsent({ kind: 'transfer', to: address, micro })
  }
  return (
    <Dialog
      open
      onOpenChange={(next) => {
        if (!next) onClose()
      }}
      title={t('wallet.send.title')}
      description={t('wallet.send.text')}
      actions={
        <>
          <Button onClick={onClose}>{t('action.cancel')}</Button>
          <Button tone="primary" disabled={address === null || wrong !== null} onClick={review}>
            {t('wallet.send.review')}
          </Button>
        </>
      }
    >
      <div className="mt-5 flex flex-col gap-5">
        <TextField
          label={t('wallet.send.to')}
          value={to}
          onChange={setTo}
          wide
          problem={to !== '' && address === null ? t('wallet.send.toProblem') : null}
        />
        <TextField
          label={t('wallet.send.amount', { symbol })}
          value={amount}
          onChange={setAmount}
          numeric
          problem={amount !== '' && wrong !== null ? t(`wallet.send.${wrong}`) : null}
        />
      </div>
    </Dialog>
  )
}
