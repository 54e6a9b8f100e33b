import type { ReactElement } from 'react'
import { RoleStatus } from '../../components/role-status.tsx'
import { useNow } from '../../state/clock.ts'
import { runCommand, usePending } from '../../state/commands.ts'
import type { RoleView } from '../../state/snapshot.ts'

/** Running, earning and the limits in force of rendering. */
export function StatusCard({ view }: { view: RoleView }): ReactElement {
  return (
    <RoleStatus
      view={view}
      nowMs={useNow()}
      retrying={usePending('roles:retry')}
      onRetry={() => void runCommand('roles:retry', { role: 'render' })}
    />
  )
}
