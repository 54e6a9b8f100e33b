import { useState } from 'react'
import type { ReactElement } from 'react'
import { Button } from '../../components/button.tsx'
import { Card } from '../../components/card.tsx'
import { Facts } from '../../components/facts.tsx'
import { Money } from '../../components/money.tsx'
import { Notice } from '../../components/notice.tsx'
import { t } from '../../format/message.ts'
import { formatBytes } from '../../format/number.ts'
import { runCommand, usePending } from '../../state/commands.ts'
import { useCurrency, type RoleView } from '../../state/snapshot.ts'
import { LeaveDialog } from './leave-dialog.tsx'

/** The way out: what leaving means, how far it has come, and how to stay after all. */
export function LeaveCard({ view }: { view: RoleView }): ReactElement {
  const [asking, setAsking] = useState(false)
  return (
    <Card heading={t('storage.leave.heading')}>
      {view.intent.leaving === null ? (
        <>
          <p className="text-soft">{t('storage.leave.lead')}</p>
          <div className="mt-4">
            <Button onClick={() => setAsking(true)}>{t('storage.leave.begin')}</Button>
          </div>
        </>
      ) : (
        <Leaving view={view} />
      )}
      <LeaveDialog view={view} open={asking} onClose={() => setAsking(false)} />
    </Card>
  )
}

function Leaving({ view }: { view: RoleView }): ReactElement {
  const pending = usePending('roles:leave')
  const status = view.status?.leaving ?? null
  if (status === null) return <p className="text-soft">{t('storage.leave.soon')}</p>
  if (status.done) return <Left />
  const stay = (): void => void runCommand('roles:leave', { role: 'storage', wish: null })
  return (
    <>
      <p role="status" className="text-soft">
        {t('storage.leave.going', { sets: status.setsLeft })}
      </p>
      <Facts
        facts={[
          { name: t('storage.leave.bytesLeft'), value: formatBytes(status.bytesLeft) },
          { name: t('storage.leave.sent'), value: formatBytes(status.sentBytes) },
          { name: t('storage.leave.ending'), value: String(status.setsEnding) },
        ]}
      />
      {status.stuckSets > 0 && <Stuck view={view} />}
      <div className="mt-4">
        <Button pending={pending} onClick={stay}>
          {t('storage.leave.stay')}
        </Button>
      </div>
    </>
  )
}

/** Nobody takes some of it: wait, stay, or give it up at a price that is named first. */
function Stuck({ view }: { view: RoleView }): ReactElement | null {
  const currency = useCurrency()
  const status = view.status?.leaving ?? null
  if (status === null) return null
  const giveUp = (): void => void runCommand('roles:leave', { role: 'storage', wish: { forfeitAgreed: true } })
  const agreed = view.intent.leaving?.forfeitAgreed === true
  return (
    <>
      <Notice
        className="mt-4"
        tone="warning"
        title={t('storage.leave.stuck', { sets: status.stuckSets })}
        text={t('storage.leave.stuckReason', { reason: status.stuckReason ?? '' })}
      />
      {!agreed && (
        <p className="mt-4">
          {t('storage.leave.price')} <Money wei={status.forfeitWei} currency={currency} />
        </p>
      )}
      {!agreed && (
        <div className="mt-3">
          <Button tone="danger" onClick={giveUp}>
            {t('storage.leave.giveUp')}
          </Button>
        </div>
      )}
    </>
  )
}

function Left(): ReactElement {
  return (
    <>
      <p role="status">{t('storage.leave.done')}</p>
      <div className="mt-4">
        <Button tone="primary" onClick={() => void runCommand('roles:switchOff', { role: 'storage' })}>
          {t('storage.switchOff')}
        </Button>
      </div>
    </>
  )
}
