import type { ChildProcess, EntryName, Platform } from '../../api/platform.ts'
import { findEntry } from './entries.ts'
import { forkNode } from './fork.ts'
import { createSurfaceHost } from './surface-host.ts'

/**
 * The platform of a plain Node process: `hearth node`, the other verbs, and tests.
 *
 * `entriesDirectory` is where the search for built entries begins (default: the folder of the running bundle).
 * `entries` names single files, for tests that fork a small entry of their own. Children that still live when this
 * process exits are killed; when it is killed itself, their port closes and they end alone.
 */
export function createNodePlatform(
  options: {
    entriesDirectory?: string
    entries?: Partial<Record<EntryName, string>>
    /** Folder of the page that render windows show, for tests of windows without the engine. */
    renderPage?: string
  } = {},
): Platform {
  const living = new Set<ChildProcess>()
  const directory = options.entriesDirectory ?? import.meta.dirname
  const killAll = () => {
    for (const child of living) child.kill('SIGKILL')
  }
  return {
    kind: 'node',
    fork(entry, { args, env }) {
      if (living.size === 0) process.once('exit', killAll)
      const child = forkNode(options.entries?.[entry] ?? findEntry(entry, directory), {
        ...(args === undefined ? {} : { args }),
        ...(env === undefined ? {} : { env }),
      })
      living.add(child)
      child.onExit(() => {
        living.delete(child)
        if (living.size === 0) process.off('exit', killAll)
      })
      return child
    },
    surfaces: createSurfaceHost({
      from: directory,
      ...(options.renderPage === undefined ? {} : { page: options.renderPage }),
    }),
    // A headless machine has no store of the system that Hearth could use alike everywhere: HEARTH_PASSPHRASE_FILE.
    secrets: null,
    sensors: () => ({ onBattery: null, idleSeconds: null }),
    // Without a window nobody can be asked; the command line writes to standard output.
    chooseSavePath: null,
    askPerson: null,
  }
}
