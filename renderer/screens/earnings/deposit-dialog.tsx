import { useState } from 'react'
import type { ReactElement } from 'react'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { TextField } from '../../components/text-field.tsx'
import { t } from '../../format/message.ts'
import { amountProblem, readTokens, weiToMicro, writeTokens } from '../../format/tokens.ts'
import { askConsent } from '../../state/consent.ts'
import { useCurrency } from '../../state/snapshot.ts'

type DepositDialogProps = {
  readonly question: 'add' | 'ask'
  readonly mostWei: string
  readonly onClose: () => void
}

/** Asks how much goes into the deposit or comes out of it, then opens the review. */
export function DepositDialog({ question, mostWei, onClose }: DepositDialogProps): ReactElement {
  const { symbol } = useCurrency()
  const [typed, setTyped] = useState(question === 'ask' ? writeTokens(weiToMicro(mostWei)) : '')
  const micro = readTokens(typed)
  const wrong = amountProblem(typed, mostWei)
  const review = (): void => {
    if (micro === null) return
    onClose()
    void askConsent({ kind: question === 'add' ? 'stake' : 'unstake', micro })
  }
  return (
    <Dialog
      open
      onOpenChange={(next) => {
        if (!next) onClose()
      }}
      title={t(`earnings.deposit.${question}.title`)}
      description={t(`earnings.deposit.${question}.text`)}
      actions={
        <>
          <Button onClick={onClose}>{t('action.cancel')}</Button>
          <Button tone="primary" disabled={wrong !== null} onClick={review}>
            {t('wallet.send.review')}
          </Button>
        </>
      }
    >
      <TextField
        className="mt-5"
        label={t('earnings.deposit.amount', { symbol })}
        value={typed}
        onChange={setTyped}
        numeric
        problem={typed !== '' && wrong !== null ? t(`wallet.send.${wrong}`) : null}
      />
    </Dialog>
  )
}
