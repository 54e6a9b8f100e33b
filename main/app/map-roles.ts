import type { RoleName } from '../../roles/api/roles.ts'

/** A record with one value for each role; a role that is added to the list later does not compile without one here. */
export function mapRoles<T>(value: (role: RoleName) => T): Readonly<Record<RoleName, T>> {
  return {
    storage: value('storage'),
    render: value('render'),
    energy: value('energy'),
    indexing: value('indexing'),
    relay: value('relay'),
  }
}
