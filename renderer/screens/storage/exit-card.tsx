import { useState } from 'react'
import type { ReactElement } from 'react'
import { Button } from '../../components/button.tsx'
import { Card } from '../../components/card.tsx'
import { MeterBar } from '../../components/meter-bar.tsx'
import { Notice } from '../../components/notice.tsx'
import { t } from '../../format/message.ts'
import { formatBytes } from '../../format/number.ts'
import { runCommand } from '../../state/commands.ts'
import type { RoleView } from '../../state/snapshot.ts'
import { ExitDialog } from './exit-dialog.tsx'
import { ExitFacts } from './exit-facts.tsx'

/** The way out of storage: what it means, how far it is, and the way back. */
export function ExitCard({ view }: { view: RoleView }): ReactElement | null {
  const [asking, setAsking] = useState<'leave' | 'giveUp' | null>(null)
  const leaving = view.status?.leaving ?? null
  if (leaving === null) return null
  const asked = view.intent.leaving !== null
  const done = asked && leaving.state === 'done'
  const stuck = leaving.sets.filter((set) => set.state === 'noHeir')
  const total = leaving.bytes + leaving.bytesHandedOver
  const empty = leaving.sets.length === 0
  return (
    <Card
      heading={t('exit.heading')}
      aside={
        asked ? (
          !done && (
            <Button size="small" onClick={() => void runCommand('roles:leave', { leave: false, forfeit: false })}>
              {t('exit.stay')}
            </Button>
          )
        ) : (
          <Button size="small" onClick={() => setAsking('leave')}>
            {t('exit.start')}
          </Button>
        )
      }
    >
      <p role="status" className="mb-5 text-soft">
        {done
          ? t('exit.done')
          : asked
            ? t(leaving.pieces === 0 ? 'exit.waiting' : 'exit.going')
            : t(empty ? 'exit.nothing' : 'exit.lead')}
      </p>
      {asked && !done && total > 0 && (
        <MeterBar
          label={t('exit.progress')}
          text={formatBytes(leaving.bytesHandedOver)}
          share={leaving.bytesHandedOver / total}
          className="mb-5"
        />
      )}
      {!done && !empty && <ExitFacts leaving={leaving} />}
      {asked && stuck.length > 0 && view.intent.leaving?.forfeit !== true && (
        <Notice
          tone="warning"
          className="mt-5"
          title={t('exit.stuck', { sets: stuck.length })}
          text={t('exit.stuckText')}
          actions={<Button onClick={() => setAsking('giveUp')}>{t('exit.giveUp')}</Button>}
        />
      )}
      <ExitDialog asking={asking} leaving={leaving} onClose={() => setAsking(null)} />
    </Card>
  )
}
