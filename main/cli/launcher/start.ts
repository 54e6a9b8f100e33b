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

function say(line: string): void {
  process.stderr.write(`${line}\n`)
}

/** `npm start`: brings in what the window needs, then runs the app until it is closed. Returns its exit code. */
async function start(args: readonly string[]): Promise<number> {
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
    return await runChild(electron.path, [...sandbox, ...waylandArguments(), quietChromium, top, ...args], {
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

start(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    say(error instanceof Error ? error.message : String(error))
    process.exit(1)
  },
)
