import type { ReactElement } from 'react'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { t } from '../../format/message.ts'
import { runCommand } from '../../state/commands.ts'
import type { RoleView } from '../../state/snapshot.ts'
import { DiskAndLimit } from './disk-and-limit.tsx'
import { useDiskChoice } from './use-disk-choice.ts'

type ConsentDialogProps = { readonly view: RoleView; readonly open: boolean; readonly onClose: () => void }

/** Asks once more before anything is shared: what one agrees to, which disk, how much. */
export function ConsentDialog({ view, open, onClose }: ConsentDialogProps): ReactElement {
  const state = useDiskChoice(view.intent)
  const close = (): void => {
    state.reset()
    onClose()
  }
  const switchOn = (): void => {
    void runCommand('roles:switchOn', { role: 'storage', ...state.toLimits(), consented: true })
    close()
  }
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => {
        if (!next) close()
      }}
      title={t('storage.consent.title')}
      description={t('storage.consent.text')}
      actions={
        <>
          <Button onClick={close}>{t('role.notNow')}</Button>
          <Button tone="primary" disabled={state.choice === null || !state.valid} onClick={switchOn}>
            {t('storage.switchOn')}
          </Button>
        </>
      }
    >
      <ConsentSummary />
      <h3 className="mt-6 mb-3 font-semibold">{t('storage.limits.heading')}</h3>
      <DiskAndLimit state={state} />
    </Dialog>
  )
}

const points = ['uses', 'sees', 'stops'] as const

/** What one agrees to, in short; the page behind tells it in full. */
function ConsentSummary(): ReactElement {
  return (
    <div className="mt-5 rounded-2xl bg-raised p-4 text-sm">
      <p className="font-medium">{t('storage.consent.agree')}</p>
      <ul className="mt-2 flex list-disc flex-col gap-1.5 pl-5 text-soft">
        {points.map((point) => (
          <li key={point}>{t(`storage.consent.${point}`)}</li>
        ))}
      </ul>
    </div>
  )
}
