import { FatalRoleError } from '../api/errors.ts'
import type { RoleName } from '../api/roles.ts'
import type { StartRole } from '../api/worker.ts'

/** Loads only the code of the role that was asked for, so that a worker stays as small as its role. */
export async function loadRole(role: RoleName): Promise<StartRole> {
  switch (role) {
    case 'storage':
      return (await import('../storage/index.ts')).default
    case 'render': {
      const { startRenderRole } = await import('../render/index.ts')
      return (context) => startRenderRole(context)
    }
    case 'energy':
      return (await import('../energy/index.ts')).default
    case 'indexing':
    case 'relay':
      throw new FatalRoleError('ROLE_NOT_AVAILABLE', `This version of Hearth has no code for the role "${role}".`, {
        action: 'Update Hearth, or switch the role off.',
      })
  }
}
