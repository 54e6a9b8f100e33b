import { newIdentityId, readIdentity, writeIdentity } from './disk-identity.ts'
import type { DiskRecords } from './disk-records.ts'

/** Which disk lies at a folder: ours by id, another one, or none where one of ours should be. */
export type IdentifiedDisk =
  { readonly kind: 'ours'; readonly disk: string } | { readonly kind: 'wrongDisk' } | { readonly kind: 'missing' }

/**
 * Finds out which disk lies at a folder. Only a folder that never was one of ours and carries no identity becomes a new
 * disk; nothing is ever written to any other. A disk of ours at a new place is taken over when its old place is no longer
 * in use (`isListed`), else it is a copy and refused. Rejects with the file system's error when the folder is not to be had.
 */
export async function identifyDisk(
  folder: string,
  records: DiskRecords,
  isListed: (folder: string) => boolean,
): Promise<IdentifiedDisk> {
  const found = await readIdentity(folder)
  const expected = records.diskAt(folder)
  switch (found.kind) {
    case 'unreadable':
      return { kind: 'wrongDisk' }
    case 'former':
      return takeFormer(folder, records, found.disk, expected)
    case 'identity': {
      const { disk, home } = found.identity
      if (expected !== null) return expected === disk ? { kind: 'ours', disk } : { kind: 'wrongDisk' }
      if (home !== records.homeId()) return { kind: 'wrongDisk' }
      const before = records.folderOf(disk)
      if (typeof before === 'string' && isListed(before)) return { kind: 'wrongDisk' }
      records.bind(disk, folder)
      return { kind: 'ours', disk }
    }
    case 'none':
      // A home from before several disks knows one without a folder: an empty folder is then its mount point, unplugged.
      if (expected !== null || isUnbound(records)) return { kind: 'missing' }
      return makeNew(folder, records)
  }
}

function isUnbound(records: DiskRecords): boolean {
  return records.all().some(({ folder }) => folder === null)
}

async function takeFormer(
  folder: string,
  records: DiskRecords,
  disk: string,
  expected: string | null,
): Promise<IdentifiedDisk> {
  const known = records.folderOf(disk)
  if (known === undefined || (expected !== null && expected !== disk)) return { kind: 'wrongDisk' }
  if (typeof known === 'string' && known !== folder) return { kind: 'wrongDisk' }
  await writeIdentity(folder, { disk, home: records.homeId() })
  records.bind(disk, folder)
  return { kind: 'ours', disk }
}

async function makeNew(folder: string, records: DiskRecords): Promise<IdentifiedDisk> {
  const disk = newIdentityId()
  // The identity first: after a crash between the two it is found and taken over.
  await writeIdentity(folder, { disk, home: records.homeId() })
  records.bind(disk, folder)
  return { kind: 'ours', disk }
}
