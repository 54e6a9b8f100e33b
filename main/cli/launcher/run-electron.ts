import { resolve } from 'node:path'
import { findElectron } from '../electron/find-electron.ts'
import { runChild } from './child.mjs'
import { startGuard } from './guard.ts'
import { sandboxArguments } from './sandbox.ts'
import { ensureSystemPackages } from './system-packages.ts'
import { lacksDisplay, startVirtualDisplay, waylandArguments } from './virtual-display.ts'

const top = resolve(import.meta.dirname, '../../..')

/** Chromium's own remarks about buses and drivers help nobody; what the app says is still shown. */
const quietChromium = '--log-level=3'

/**
 * Brings in what a window needs (system libraries, Electron, a virtual screen where there is none) and runs an Electron app
 * until it ends. Returns its exit code; rejects with words that say what is missing.
 */
export async function runElectron(options: {
  /** A folder with a package.json, or a file. */
  app: string
  args: readonly string[]
  say: (line: string) => void
}): Promise<number> {
  const { say } = options
  const headless = lacksDisplay()
  await ensureSystemPackages({ display: headless, tests: false, say })
  const electron = await findElectron({ onProgress: say })
  say(`Electron ${electron.version} from ${electron.source}`)
  const sandbox = sandboxArguments(say)
  const guard = startGuard()
  const display = headless ? await startVirtualDisplay() : null
  if (display !== null) {
    say(`There is no screen here (DISPLAY is not set): the window opens on a virtual one, ${display.env['DISPLAY']}.`)
    guard.watch(display.pid)
  }
  try {
    const args = [...sandbox, ...waylandArguments(), quietChromium, options.app, ...options.args]
    return await runChild(electron.path, args, {
      cwd: top,
      // Terminals inside Electron apps hand this on; with it Electron would start as a plain Node.
      env: { ...process.env, ...display?.env, ELECTRON_RUN_AS_NODE: undefined },
      onStart: (pid) => guard.watch(pid),
    })
  } finally {
    display?.stop()
    guard.disarm()
  }
}
