import type { ReactElement } from 'react'
import { Button } from '../../components/button.tsx'
import { t } from '../../format/message.ts'
import { usePending } from '../../state/commands.ts'
import { useSnapshot } from '../../state/snapshot.ts'
import type { RoleView } from '../../state/snapshot.ts'
import { AboutCard } from './about-card.tsx'
import { EarningsCard } from './earnings-card.tsx'
import { FitCard } from './fit-card.tsx'
import { StatusCard } from './status-card.tsx'

/** Before it is switched on: would it suit, what does it mean. What was earned stays in view. */
export function OffView({ view, onSwitchOn }: { view: RoleView; onSwitchOn: () => void }): ReactElement {
  const networkReady = useSnapshot((snapshot) => snapshot.network.kind === 'ready')
  const earnedBefore = useSnapshot((snapshot) => (snapshot.earnings?.byRole.render ?? '0') !== '0')
  const pending = usePending('roles:switchOn')
  return (
    <>
      <FitCard view={view}>
        <Button tone="primary" disabled={!networkReady} pending={pending} onClick={onSwitchOn}>
          {t('render.switchOnLong')}
        </Button>
      </FitCard>
      <AboutCard />
      {(earnedBefore || view.intent.consentedAtMs !== null) && (
        <>
          <StatusCard view={view} />
          <EarningsCard />
        </>
      )}
    </>
  )
}
