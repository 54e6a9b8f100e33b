import { Brush } from 'lucide-react'
import { useState } from 'react'
import type { ReactElement } from 'react'
import { EmptyState } from '../../components/empty-state.tsx'
import { Page } from '../../components/page.tsx'
import { Switch } from '../../components/switch.tsx'
import { t } from '../../format/message.ts'
import { usePending } from '../../state/commands.ts'
import { selectRole } from '../../state/selectors.ts'
import { useSnapshot } from '../../state/snapshot.ts'
import type { RoleView } from '../../state/snapshot.ts'
import { ConsentDialog } from './consent-dialog.tsx'
import { OffDialog } from './off-dialog.tsx'
import { OffView } from './off-view.tsx'
import { OnView } from './on-view.tsx'

type Question = 'switchOn' | 'switchOff' | null

/** The rendering role: what it is, what it does now, whether it earns, and the switch for it. */
export function Render(): ReactElement {
  const view = useSnapshot((snapshot) => selectRole(snapshot, 'render'))
  return view === null ? <RenderUnknown /> : <RenderOf view={view} />
}

/** Before main is up there is no role to show; the network says why. */
function RenderUnknown(): ReactElement {
  const network = useSnapshot((snapshot) => snapshot.network)
  const failed = network.kind === 'failed'
  return (
    <Page title={t('render.title')} lead={t('render.lead')}>
      <EmptyState
        icon={<Brush />}
        title={failed ? t('overview.now.failed') : t('overview.now.starting')}
        text={failed ? network.message : t('overview.why.starting')}
      />
    </Page>
  )
}

function RenderOf({ view }: { view: RoleView }): ReactElement {
  const [question, setQuestion] = useState<Question>(null)
  const switchingOn = usePending('roles:switchOn')
  const switchingOff = usePending('roles:switchOff')
  const networkReady = useSnapshot((snapshot) => snapshot.network.kind === 'ready')
  const close = (): void => setQuestion(null)
  const toggle = (
    <div className="flex items-center gap-3">
      <span aria-hidden="true" className="font-medium">
        {view.intent.on ? t('storage.on') : t('storage.off')}
      </span>
      <Switch
        label={t('render.switch')}
        checked={view.intent.on}
        busy={switchingOn || switchingOff}
        disabled={!networkReady && !view.intent.on}
        onToggle={(on) => setQuestion(on ? 'switchOn' : 'switchOff')}
      />
    </div>
  )
  return (
    <Page title={t('render.title')} lead={t('render.lead')} aside={toggle}>
      {view.intent.on ? <OnView view={view} /> : <OffView view={view} onSwitchOn={() => setQuestion('switchOn')} />}
      <ConsentDialog view={view} open={question === 'switchOn'} onClose={close} />
      <OffDialog view={view} open={question === 'switchOff'} onClose={close} />
    </Page>
  )
}
