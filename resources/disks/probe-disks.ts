import { resolve } from 'node:path'
import type { Disk } from '../inventory.ts'
import { askPart } from '../run-probe.ts'
import type { SystemSources } from '../system-sources.ts'
import { readHomeDisk } from './home-disk.ts'
import { mergeDisks } from './merge-disks.ts'

/**
 * All file systems worth showing. `onHome` gets the home's own at once, before the slower questions are answered. Rejects when
 * neither of these is answered; the home's own has been told by then.
 */
export async function probeDisks(
  homeDirectory: string,
  sources: SystemSources,
  onHome: (disks: Disk[]) => void,
): Promise<Disk[]> {
  const homePath = resolve(homeDirectory)
  const home = await readHomeDisk(homePath, sources)
  onHome([home.disk])
  const [fileSystems, drives] = await Promise.all([
    askPart(() => sources.fileSystems()),
    askPart(() => sources.diskLayout()),
  ])
  if (fileSystems.value === null && drives.value === null) throw fileSystems.error
  return mergeDisks(home, homePath, fileSystems.value, drives.value)
}
