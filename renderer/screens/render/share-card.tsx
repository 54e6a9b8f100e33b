import { useState } from 'react'
import type { ReactElement } from 'react'
import { Button } from '../../components/button.tsx'
import { Card } from '../../components/card.tsx'
import { t } from '../../format/message.ts'
import { runCommand, usePending } from '../../state/commands.ts'
import type { RoleView } from '../../state/snapshot.ts'
import { ShareField } from './share-field.tsx'
import { useShareChoice } from './use-share-choice.ts'

/** The limit while it is on; saved on demand. */
export function ShareCard({ view }: { view: RoleView }): ReactElement {
  const choice = useShareChoice(view.intent)
  const [saved, setSaved] = useState(false)
  const pending = usePending('roles:setLimits')
  const save = async (): Promise<void> => {
    const done = await runCommand('roles:setLimits', { role: 'render', ...choice.toLimits() })
    if (done) choice.reset()
    setSaved(done)
  }
  return (
    <Card heading={t('render.share.heading')}>
      <ShareField choice={choice} />
      <p className="mt-3 text-sm text-soft">{t('render.share.rules')}</p>
      <div className="mt-4 flex min-h-11 flex-wrap items-center gap-3">
        <Button tone="primary" disabled={!choice.changed} pending={pending} onClick={() => void save()}>
          {t('render.share.save')}
        </Button>
        {choice.changed && <Button onClick={choice.reset}>{t('action.cancel')}</Button>}
        <p role="status" className="text-sm text-moss">
          {saved && !choice.changed ? t('render.share.saved') : ''}
        </p>
      </div>
    </Card>
  )
}
