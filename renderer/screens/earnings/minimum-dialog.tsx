import { useState } from 'react'
import type { ReactElement } from 'react'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { TextField } from '../../components/text-field.tsx'
import { t } from '../../format/message.ts'
import { readTokens, writeTokens } from '../../format/tokens.ts'
import { runCommand } from '../../state/commands.ts'
import { refreshEarningsOverview } from '../../state/earnings-overview.ts'
import { useCurrency } from '../../state/snapshot.ts'

/** Sets the amount below which the person does not want to claim. */
export function MinimumDialog({ micro, onClose }: { micro: string; onClose: () => void }): ReactElement {
  const { symbol } = useCurrency()
  const [typed, setTyped] = useState(writeTokens(micro))
  const read = readTokens(typed)
  const save = async (): Promise<void> => {
    if (read === null) return
    onClose()
    if (await runCommand('earnings:setMinimum', { micro: read })) await refreshEarningsOverview()
  }
  return (
    <Dialog
      open
      onOpenChange={(next) => {
        if (!next) onClose()
      }}
      title={t('earnings.minimum.title')}
      description={t('earnings.minimum.text')}
      actions={
        <>
          <Button onClick={onClose}>{t('action.cancel')}</Button>
          <Button tone="primary" disabled={read === null} onClick={() => void save()}>
            {t('action.save')}
          </Button>
        </>
      }
    >
      <TextField
        className="mt-5"
        label={t('earnings.minimum.amount', { symbol })}
        value={typed}
        onChange={setTyped}
        numeric
        problem={read === null ? t('wallet.send.amountProblem') : null}
      />
    </Dialog>
  )
}
