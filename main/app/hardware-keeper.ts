import { setMaxListeners } from 'node:events'
import type { Log } from '../../roles/api/values.ts'
import type { Disk, Inventory } from '../api/inventory.ts'
import type { Suitability } from '../api/snapshot.ts'
import { judgeDisk } from '../governor/index.ts'
import type { WriteMeasurement } from '../governor/index.ts'
import type { EngineResources } from './engine-options.ts'

/** Kinds of file systems that are windows into the kernel or a package, not places for data. */
const notForData = new Set(['squashfs', 'iso9660', 'proc', 'sysfs', 'devtmpfs', 'tmpfs'])

/** What this machine has, as last measured, and what each disk is good for. */
export type HardwareKeeper = {
  inventory(): Inventory | null
  suitability(reserveBytes: number): readonly Suitability[]
  /** Measures anew; a scan that runs is waited for instead of started twice. */
  rescan(): Promise<void>
  stop(): void
}

/** `homeDirectory` is where the disk of the home is measured; other disks are measured at their mount. */
export function createHardwareKeeper(o: {
  homeDirectory: string
  resources: EngineResources
  onChange: () => void
  log: Log
}): HardwareKeeper {
  const life = new AbortController()
  // All probes of a scan listen at the same time.
  setMaxListeners(0, life.signal)
  const measurements = new Map<string, WriteMeasurement>()
  let inventory: Inventory | null = null
  let running: Promise<void> | null = null

  function found(next: Inventory): void {
    inventory = next
    o.onChange()
  }

  async function measure(disk: Disk): Promise<void> {
    const folder = disk.holdsHome ? o.homeDirectory : disk.mount
    const speed = await o.resources.measureDiskSuitability(folder, { signal: life.signal })
    // A disk without room is judged by its room; that it could not be written to says nothing more.
    const full = speed.kind === 'failed' && speed.reason === 'full'
    measurements.set(disk.mount, full ? null : speed)
    o.onChange()
  }

  async function scan(): Promise<void> {
    const { signal } = life
    found(await o.resources.detectInventory({ homeDirectory: o.homeDirectory, onPartial: found, signal }))
    for (const disk of (inventory?.disks ?? []).filter(isForData)) await measure(disk)
  }

  return {
    inventory: () => inventory,
    suitability: (reserveBytes) =>
      (inventory?.disks ?? [])
        .filter(isForData)
        .map((disk) => judgeDisk(disk, measurements.get(disk.mount) ?? null, reserveBytes)),
    rescan() {
      running ??= scan()
        .catch((error: unknown) => {
          if (!life.signal.aborted) o.log.warn('Taking stock of the machine failed.', { error })
        })
        .finally(() => (running = null))
      return running
    },
    stop: () => life.abort(),
  }
}

function isForData(disk: Disk): boolean {
  return disk.holdsHome || !notForData.has(disk.fileSystem)
}
