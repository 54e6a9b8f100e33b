import type { ReactElement } from 'react'
import { Button } from '../../components/button.tsx'
import { t } from '../../format/message.ts'
import { usePending } from '../../state/commands.ts'
import { useSnapshot } from '../../state/snapshot.ts'
import type { RoleView } from '../../state/snapshot.ts'
import { AboutCard } from './about-card.tsx'
import { EarningsCard } from './earnings-card.tsx'
import { OwnFilesCard } from './own-files-card.tsx'
import { PiecesCard } from './pieces-card.tsx'
import { StatusCard } from './status-card.tsx'
import { VerdictCard } from './verdict-card.tsx'

/** Before it is switched on: would it suit, what does it mean. What was earned or is held stays in view. */
export function OffView({ view, onSwitchOn }: { view: RoleView; onSwitchOn: () => void }): ReactElement {
  const networkReady = useSnapshot((snapshot) => snapshot.network.kind === 'ready')
  const earnedBefore = useSnapshot((snapshot) => (snapshot.earnings?.byRole.storage ?? '0') !== '0')
  const pending = usePending('roles:switchOn')
  const wasOn = earnedBefore || view.intent.consentedAtMs !== null
  return (
    <>
      <VerdictCard intent={view.intent}>
        <Button tone="primary" disabled={!networkReady} pending={pending} onClick={onSwitchOn}>
          {t('storage.switchOnLong')}
        </Button>
      </VerdictCard>
      <AboutCard />
      <OwnFilesCard />
      {wasOn && (
        <>
          <StatusCard view={view} />
          <EarningsCard />
          <PiecesCard />
        </>
      )}
    </>
  )
}
