import type { RoleName } from '../../../roles/api/roles.ts'
import { untouchedIntent, type RoleIntent, type Settings } from '../../api/settings.ts'

/** The settings with one role's intent changed, all else as it was. */
export function withIntent(settings: Settings, name: RoleName, change: (intent: RoleIntent) => RoleIntent): Settings {
  return { ...settings, roles: { ...settings.roles, [name]: change(settings.roles[name] ?? untouchedIntent) } }
}
