import type { ReactElement } from 'react'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { t } from '../../format/message.ts'
import { runCommand } from '../../state/commands.ts'
import type { RoleView } from '../../state/snapshot.ts'
import { ShareField } from './share-field.tsx'
import { useShareChoice } from './use-share-choice.ts'

const points = ['uses', 'strangers', 'sees', 'stops'] as const

type ConsentDialogProps = { readonly view: RoleView; readonly open: boolean; readonly onClose: () => void }

/** Asks once more before anything is lent: what one agrees to, and how much of the card. */
export function ConsentDialog({ view, open, onClose }: ConsentDialogProps): ReactElement {
  const choice = useShareChoice(view.intent)
  const close = (): void => {
    choice.reset()
    onClose()
  }
  const switchOn = (): void => {
    void runCommand('roles:switchOn', { role: 'render', ...choice.toLimits(), consented: true })
    close()
  }
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => {
        if (!next) close()
      }}
      title={t('render.consent.title')}
      description={t('render.consent.text')}
      actions={
        <>
          <Button onClick={close}>{t('role.notNow')}</Button>
          <Button tone="primary" onClick={switchOn}>
            {t('render.switchOn')}
          </Button>
        </>
      }
    >
      <div className="mt-5 mb-6 rounded-2xl bg-raised p-4 text-sm">
        <p className="font-medium">{t('render.consent.agree')}</p>
        <ul className="mt-2 flex list-disc flex-col gap-1.5 pl-5 text-soft">
          {points.map((point) => (
            <li key={point}>{t(`render.consent.${point}`)}</li>
          ))}
        </ul>
      </div>
      <ShareField choice={choice} />
    </Dialog>
  )
}
