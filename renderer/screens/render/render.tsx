import { Brush } from 'lucide-react'
import type { ReactElement } from 'react'
import { RolePage, RoleUnknown } from '../../components/role-page.tsx'
import { t } from '../../format/message.ts'
import { useNetworkFailure, useRoleQuestion } from '../../state/role-question.ts'
import { selectRole } from '../../state/selectors.ts'
import { useSnapshot } from '../../state/snapshot.ts'
import type { RoleView } from '../../state/snapshot.ts'
import { ConsentDialog } from './consent-dialog.tsx'
import { OffDialog } from './off-dialog.tsx'
import { OffView } from './off-view.tsx'
import { OnView } from './on-view.tsx'

const words = () => ({ title: t('render.title'), lead: t('render.lead') })

/** The rendering role: what it is, what it does now, whether it earns, and the switch for it. */
export function Render(): ReactElement {
  const view = useSnapshot((snapshot) => selectRole(snapshot, 'render'))
  const failure = useNetworkFailure()
  return view === null ? <RoleUnknown {...words()} icon={<Brush />} failure={failure} /> : <RenderOf view={view} />
}

function RenderOf({ view }: { view: RoleView }): ReactElement {
  const { question, power, ask, close } = useRoleQuestion(view.intent.on)
  return (
    <RolePage
      {...words()}
      switchLabel={t('render.switch')}
      power={power}
      onToggle={(on) => ask(on ? 'switchOn' : 'switchOff')}
    >
      {view.intent.on ? <OnView view={view} /> : <OffView view={view} onSwitchOn={() => ask('switchOn')} />}
      <ConsentDialog view={view} open={question === 'switchOn'} onClose={close} />
      <OffDialog view={view} open={question === 'switchOff'} onClose={close} />
    </RolePage>
  )
}
