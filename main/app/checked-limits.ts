import { HearthError } from '../../roles/api/errors.ts'
import type { RoleLimits } from '../api/engine.ts'
import type { RoleIntent } from '../api/settings.ts'
import { changeDisks } from '../governor/index.ts'
import { assertUsableDisk } from './read-disk.ts'

/** What a choice of disk depends on. `path` is null for the disk that holds the home. */
export type DiskFacts = { readonly present: RoleIntent['disks']; readonly usedBytes: number }

/**
 * The change of intent that sets the limits of a role: disk and room for storage, a share of the card for rendering. `facts` are
 * asked once the disk was looked at, since they may change meanwhile. Rejects with DISK_HAS_PIECES, or where the disk cannot be used.
 */
export async function checkedLimits(
  { role, diskLimitBytes, gpuShare = null }: RoleLimits,
  path: string | null,
  facts: () => DiskFacts,
): Promise<(intent: RoleIntent) => RoleIntent> {
  if (role !== 'storage') return (intent) => ({ ...intent, gpuShare })
  if (path !== null) await assertUsableDisk(path)
  const { present, usedBytes } = facts()
  if (present.some((disk) => disk.path === path)) {
    return (intent) => changeDisks(intent, { kind: 'limit', path, limitBytes: diskLimitBytes }, [])
  }
  if (usedBytes > 0 || present.length > 1) {
    throw new HearthError('DISK_HAS_PIECES', 'The present disk holds pieces that customers pay for.', {
      action: 'Add the other disk, then move the pieces to it.',
    })
  }
  return (intent) => ({ ...intent, disks: [{ path, limitBytes: diskLimitBytes, leaving: false, moveTo: null }] })
}
