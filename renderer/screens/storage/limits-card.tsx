import { useState } from 'react'
import type { ReactElement } from 'react'
import { Button } from '../../components/button.tsx'
import { Card } from '../../components/card.tsx'
import { t } from '../../format/message.ts'
import { runCommand, usePending } from '../../state/commands.ts'
import type { RoleView } from '../../state/snapshot.ts'
import { DiskAndLimit } from './disk-and-limit.tsx'
import { useDiskChoice } from './use-disk-choice.ts'

/** Disk and limit while it is on; saved on demand, since a slider passes through values nobody wants. */
export function LimitsCard({ view }: { view: RoleView }): ReactElement {
  const state = useDiskChoice(view.intent)
  const [saved, setSaved] = useState(false)
  const pending = usePending('roles:setLimits')
  const save = async (): Promise<void> => {
    const done = await runCommand('roles:setLimits', { role: 'storage', ...state.toLimits() })
    if (done) state.reset()
    setSaved(done)
  }
  return (
    <Card heading={t('storage.limits.heading')}>
      <DiskAndLimit state={state} />
      <p className="mt-4 text-sm text-soft">{t('storage.limits.moveNote')}</p>
      <div className="mt-4 flex min-h-11 flex-wrap items-center gap-3">
        <Button tone="primary" disabled={!state.changed || !state.valid} pending={pending} onClick={() => void save()}>
          {t('storage.limits.save')}
        </Button>
        {state.changed && <Button onClick={state.reset}>{t('action.cancel')}</Button>}
        <p role="status" className="text-sm text-moss">
          {saved && !state.changed ? t('storage.limits.saved') : ''}
        </p>
      </div>
    </Card>
  )
}
