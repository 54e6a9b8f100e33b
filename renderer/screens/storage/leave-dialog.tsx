import type { ReactElement } from 'react'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { t } from '../../format/message.ts'
import { formatBytes } from '../../format/number.ts'
import { runCommand } from '../../state/commands.ts'
import type { RoleView } from '../../state/snapshot.ts'

type LeaveDialogProps = { readonly view: RoleView; readonly open: boolean; readonly onClose: () => void }

const consequences = ['handOver', 'paid', 'deposit', 'cancel'] as const

/** Says what leaving means before it begins. */
export function LeaveDialog({ view, open, onClose }: LeaveDialogProps): ReactElement {
  const { pieces = 0, usedBytes = 0 } = view.status?.storage ?? {}
  const begin = (): void => {
    void runCommand('roles:leave', { role: 'storage', wish: { forfeitAgreed: false } })
    onClose()
  }
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => {
        if (!next) onClose()
      }}
      title={t('storage.leave.title')}
      description={t('storage.leave.text', { pieces, bytes: formatBytes(usedBytes) })}
      actions={
        <>
          <Button onClick={onClose}>{t('storage.leave.notYet')}</Button>
          <Button tone="danger" onClick={begin}>
            {t('storage.leave.agree')}
          </Button>
        </>
      }
    >
      <ul className="mt-4 flex list-disc flex-col gap-1.5 pl-5">
        {consequences.map((consequence) => (
          <li key={consequence}>{t(`storage.leave.${consequence}`)}</li>
        ))}
      </ul>
    </Dialog>
  )
}
