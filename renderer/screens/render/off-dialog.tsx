import type { ReactElement } from 'react'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { t } from '../../format/message.ts'
import { runCommand } from '../../state/commands.ts'
import type { RoleView } from '../../state/snapshot.ts'

type OffDialogProps = { readonly view: RoleView; readonly open: boolean; readonly onClose: () => void }

/** Names what switching off means before it happens. */
export function OffDialog({ view, open, onClose }: OffDialogProps): ReactElement {
  const render = view.status?.render ?? null
  const waiting = render?.unitsWaiting ?? 0
  const switchOff = (): void => {
    void runCommand('roles:switchOff', { role: 'render' })
    onClose()
  }
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => {
        if (!next) onClose()
      }}
      title={t('render.off.title')}
      description={(render?.unit ?? null) === null ? t('render.off.idle') : t('render.off.busy')}
      actions={
        <>
          <Button onClick={onClose}>{t('render.off.keepOn')}</Button>
          <Button tone="danger" onClick={switchOff}>
            {t('render.switchOff')}
          </Button>
        </>
      }
    >
      <ul className="mt-4 flex list-disc flex-col gap-1.5 pl-5">
        {waiting > 0 && <li>{t('render.off.waiting', { count: waiting })}</li>}
        <li>{t('render.off.keep')}</li>
      </ul>
    </Dialog>
  )
}
