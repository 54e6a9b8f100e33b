import type { ReactElement } from 'react'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { Facts } from '../../components/facts.tsx'
import { Money } from '../../components/money.tsx'
import { t } from '../../format/message.ts'
import { sumWei } from '../../format/money.ts'
import { runCommand } from '../../state/commands.ts'
import { useCurrency } from '../../state/snapshot.ts'
import { ExitFacts } from './exit-facts.tsx'
import type { Leaving } from './exit-facts.tsx'

type ExitDialogProps = {
  readonly asking: 'leave' | 'giveUp' | null
  readonly leaving: Leaving
  readonly onClose: () => void
}

/** Names what leaving, or giving up what nobody takes, means before it happens. */
export function ExitDialog({ asking, leaving, onClose }: ExitDialogProps): ReactElement {
  const currency = useCurrency()
  const giveUp = asking === 'giveUp'
  const lost = sumWei(leaving.sets.filter((set) => set.state === 'noHeir').map((set) => set.periodPayWei))
  const confirm = (): void => {
    void runCommand('roles:leave', { leave: true, forfeit: giveUp })
    onClose()
  }
  return (
    <Dialog
      open={asking !== null}
      onOpenChange={(next) => {
        if (!next) onClose()
      }}
      title={t(giveUp ? 'exit.giveUpDialog.title' : 'exit.dialog.title')}
      description={t(giveUp ? 'exit.stuckText' : 'exit.dialog.text')}
      actions={
        <>
          <Button onClick={onClose}>{t('action.cancel')}</Button>
          <Button tone="danger" onClick={confirm}>
            {t(giveUp ? 'exit.giveUpDialog.confirm' : 'exit.dialog.confirm')}
          </Button>
        </>
      }
    >
      {giveUp ? (
        <Facts facts={[{ name: t('exit.stuckCost'), value: <Money wei={lost} currency={currency} /> }]} />
      ) : (
        <>
          <div className="mt-5">
            <ExitFacts leaving={leaving} />
          </div>
          <ul className="mt-4 flex list-disc flex-col gap-1.5 pl-5">
            <li>{t('exit.dialog.proofs')}</li>
            <li>{t('exit.dialog.back')}</li>
            <li>{t('exit.dialog.nothingLost')}</li>
          </ul>
        </>
      )}
    </Dialog>
  )
}
