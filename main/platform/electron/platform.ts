import { powerMonitor } from 'electron'
import type { Platform } from '../../api/platform.ts'
import { chooseSavePath } from './choose-save-path.ts'
import { createFork, type ForkOptions } from './fork.ts'
import { createSecrets } from './secrets.ts'

export type ElectronPlatform = Platform & {
  /** Ends every child at once. The last resort of a quit that ran out of time. */
  endChildren(): void
}

/** The desktop app's side of the port. Must be made after Electron is ready. */
export function createElectronPlatform(options: ForkOptions): ElectronPlatform {
  const fork = createFork(options)
  return {
    kind: 'electron',
    fork,
    secrets: createSecrets(),
    sensors: () => ({ onBattery: powerMonitor.isOnBatteryPower(), idleSeconds: powerMonitor.getSystemIdleTime() }),
    chooseSavePath,
    endChildren: () => fork.endAll(),
  }
}
