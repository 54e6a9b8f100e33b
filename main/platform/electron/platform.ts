import { powerMonitor } from 'electron'
import type { Platform } from '../../api/platform.ts'
import { askPerson } from './ask-person.ts'
import { chooseSavePath } from './choose-save-path.ts'
import { createFork, type ForkOptions } from './fork.ts'
import { createSecrets } from './secrets.ts'
import { createSurfaces } from './surfaces.ts'

export type ElectronPlatform = Platform & {
  /** Ends every child at once. The last resort of a quit that ran out of time. */
  endChildren(): void
}

/** The desktop app's side of the port. Must be made after Electron is ready. */
export function createElectronPlatform(
  options: ForkOptions & { readonly renderPage: string; readonly renderPreload: string },
): ElectronPlatform {
  const fork = createFork(options)
  const surfaces = createSurfaces({
    pageRoot: options.renderPage,
    preload: options.renderPreload,
    transfer: fork.transfer,
    log: options.log,
  })
  return {
    kind: 'electron',
    fork,
    surfaces,
    secrets: createSecrets(),
    sensors: () => ({ onBattery: powerMonitor.isOnBatteryPower(), idleSeconds: powerMonitor.getSystemIdleTime() }),
    chooseSavePath,
    askPerson,
    endChildren: () => {
      surfaces.stop()
      fork.endAll()
    },
  }
}
