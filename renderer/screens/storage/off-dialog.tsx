import type { ReactElement } from 'react'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { t } from '../../format/message.ts'
import { runCommand } from '../../state/commands.ts'
import type { RoleView } from '../../state/snapshot.ts'

type OffDialogProps = { readonly view: RoleView; readonly open: boolean; readonly onClose: () => void }

/** Names what switching off means before it happens. */
export function OffDialog({ view, open, onClose }: OffDialogProps): ReactElement {
  const pieces = view.status?.storage?.pieces ?? 0
  const consequences = pieces === 0 ? (['keep'] as const) : (['pay', 'stake', 'keep'] as const)
  const switchOff = (): void => {
    void runCommand('roles:switchOff', { role: 'storage' })
    onClose()
  }
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => {
        if (!next) onClose()
      }}
      title={t('storage.off.title')}
      description={t('storage.off.text', { pieces })}
      actions={
        <>
          <Button onClick={onClose}>{t('storage.off.keepOn')}</Button>
          <Button tone="danger" onClick={switchOff}>
            {t('storage.switchOff')}
          </Button>
        </>
      }
    >
      <ul className="mt-4 flex list-disc flex-col gap-1.5 pl-5">
        {consequences.map((consequence) => (
          <li key={consequence}>{t(`storage.off.${consequence}`)}</li>
        ))}
      </ul>
    </Dialog>
  )
}
