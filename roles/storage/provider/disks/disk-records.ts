import type { Database } from '../../../persistence/index.ts'
import { newIdentityId } from './disk-identity.ts'

/** What the home remembers of its disks beside their pieces. Every change is durable when the method returns. */
export type DiskRecords = {
  /** The id that this home writes on its disks; made on first use. */
  homeId(): string
  /** The disk that belongs to a folder, or null. */
  diskAt(folder: string): string | null
  /** The folder of a disk: null when it was made before folders were noted, undefined when the disk is unknown. */
  folderOf(disk: string): string | null | undefined
  /** Ties a disk to a folder. */
  bind(disk: string, folder: string): void
  /** Forgets a disk that holds no piece. True when it is gone. */
  forget(disk: string): boolean
  /** All disks with their folders. */
  all(): { readonly disk: string; readonly folder: string | null }[]
  /** What was measured of the disk, as the text that `saveMeasured` was given. */
  measured(disk: string): string | null
  saveMeasured(disk: string, text: string): void
}

/** The records over a database that was opened with `providerMigrations`. */
export function createDiskRecords(database: Database): DiskRecords {
  const home = database.prepare('SELECT store FROM identity')
  const setHome = database.prepare('INSERT INTO identity (store) VALUES (?)')
  const at = database.prepare('SELECT id FROM disks WHERE folder = ?')
  const folder = database.prepare('SELECT folder FROM disks WHERE id = ?')
  const bind = database.prepare(
    'INSERT INTO disks (id, folder) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET folder = excluded.folder',
  )
  const forget = database.prepare(
    'DELETE FROM disks WHERE id = ? AND NOT EXISTS (SELECT 1 FROM pieces WHERE pieces.disk = disks.id)',
  )
  const all = database.prepare('SELECT id, folder FROM disks ORDER BY rowid')
  const measured = database.prepare('SELECT measured FROM disks WHERE id = ?')
  const saveMeasured = database.prepare('UPDATE disks SET measured = ? WHERE id = ?')
  return {
    homeId() {
      const known = home.get()?.['store']
      if (typeof known === 'string') return known
      const id = newIdentityId()
      setHome.run(id)
      return id
    },
    diskAt: (path) => textOrNull(at.get(path)?.['id']),
    folderOf(disk) {
      const row = folder.get(disk)
      return row === null ? undefined : textOrNull(row['folder'])
    },
    bind: (disk, path) => void bind.run(disk, path),
    forget: (disk) => forget.run(disk).changes > 0,
    all: () => all.all().map((row) => ({ disk: String(row['id']), folder: textOrNull(row['folder']) })),
    measured: (disk) => textOrNull(measured.get(disk)?.['measured']),
    saveMeasured: (disk, text) => void saveMeasured.run(text, disk),
  }
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}
