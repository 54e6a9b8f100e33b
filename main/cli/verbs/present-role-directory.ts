import type { RoleName } from '../../../roles/api/roles.ts'
import { ownerOf } from '../../app/session.ts'
import type { Home } from '../../store/index.ts'

/** Where a role keeps its own for whom this home works now: each operator's lies apart, as the keys do. */
export async function presentRoleDirectory(home: Home, role: RoleName): Promise<string> {
  const network = await home.network.read()
  const operator = network === null ? null : (await home.walletRecord(network).read()).operator
  return home.roleDirectory(role, operator === null ? null : await ownerOf(home, operator))
}
