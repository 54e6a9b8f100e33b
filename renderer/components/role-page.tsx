import type { ReactElement, ReactNode } from 'react'
import { t } from '../format/message.ts'
import { EmptyState } from './empty-state.tsx'
import { Page } from './page.tsx'
import { Switch } from './switch.tsx'

type RoleTitle = { readonly title: string; readonly lead: string }

/** What the switch of a role shows: where it stands, whether an answer is on its way, whether the role could begin now. */
export type RolePower = { readonly on: boolean; readonly busy: boolean; readonly ready: boolean }

type RolePageProps = RoleTitle & {
  readonly switchLabel: string
  readonly power: RolePower
  readonly onToggle: (on: boolean) => void
  readonly children: ReactNode
}

/** The page of a role, with its switch beside the title. Off is always possible. */
export function RolePage({ title, lead, switchLabel, power, onToggle, children }: RolePageProps): ReactElement {
  const toggle = (
    <div className="flex items-center gap-3">
      <span aria-hidden="true" className="font-medium">
        {power.on ? t('role.on') : t('role.off')}
      </span>
      <Switch
        label={switchLabel}
        checked={power.on}
        busy={power.busy}
        disabled={!power.ready && !power.on}
        onToggle={onToggle}
      />
    </div>
  )
  return (
    <Page title={title} lead={lead} aside={toggle}>
      {children}
    </Page>
  )
}

type RoleUnknownProps = RoleTitle & { readonly icon: ReactNode; readonly failure: string | null }

/** Before main is up there is no role to show; `failure` is why it will not be, null while it still may. */
export function RoleUnknown({ title, lead, icon, failure }: RoleUnknownProps): ReactElement {
  return (
    <Page title={title} lead={lead}>
      <EmptyState
        icon={icon}
        title={failure === null ? t('overview.now.starting') : t('overview.now.failed')}
        text={failure ?? t('overview.why.starting')}
      />
    </Page>
  )
}
