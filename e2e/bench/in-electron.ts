import { spawn, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { findElectron } from '../../main/cli/electron/find-electron.ts'
import { startGuard } from '../../main/cli/launcher/guard.ts'
import { sandboxArguments } from '../../main/cli/launcher/sandbox.ts'
import { ensureSystemPackages } from '../../main/cli/launcher/system-packages.ts'
import { lacksDisplay, startVirtualDisplay } from '../../main/cli/launcher/virtual-display.ts'
import { bundleBench } from './bundle.ts'

export type InElectronOptions = {
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** Each line that the bench prints on standard output. */
  readonly onLine: (line: string) => void
  /** After this the whole run is ended and the promise rejects. */
  readonly timeoutMs: number
  readonly signal?: AbortSignal
}

function say(line: string): void {
  process.stderr.write(`${line}\n`)
}

/** Waits for the end of an Electron; ends it itself when time is up or nobody wants the figures any more. */
function settle(child: ChildProcess, options: InElectronOptions): Promise<number> {
  return new Promise((done, fail) => {
    const end = (error: Error) => {
      child.kill('SIGKILL')
      fail(error)
    }
    const timer = setTimeout(
      () => end(new Error(`The bench did not end within ${options.timeoutMs} ms.`)),
      options.timeoutMs,
    )
    const cancel = () => end(new Error('The bench was cancelled.'))
    options.signal?.addEventListener('abort', cancel, { once: true })
    child.once('error', end)
    child.once('close', (code) => {
      clearTimeout(timer)
      options.signal?.removeEventListener('abort', cancel)
      done(code ?? 1)
    })
  })
}

/**
 * Bundles `entry` (a TypeScript file) and runs it inside Electron: in a utility process without a window, where the app's
 * workers live too. Returns its exit code. Brings in Electron and a virtual screen where there is none.
 */
export async function runInElectron(entry: string, options: InElectronOptions): Promise<number> {
  options.signal?.throwIfAborted()
  const headless = lacksDisplay()
  await ensureSystemPackages({ display: headless, tests: false, say })
  const [electron, bundle] = await Promise.all([findElectron({ onProgress: say }), bundleBench(entry)])
  const guard = startGuard()
  const display = headless ? await startVirtualDisplay() : null
  if (display !== null) guard.watch(display.pid)
  try {
    const program = join(import.meta.dirname, 'electron')
    const child = spawn(electron.path, [...sandboxArguments(() => {}), '--log-level=3', '--disable-gpu', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        ...process.env,
        ...display?.env,
        ...options.env,
        HEARTH_BENCH: JSON.stringify({ entry: bundle, args: options.args ?? [] }),
      },
    })
    if (child.pid !== undefined) guard.watch(child.pid)
    createInterface({ input: child.stdout }).on('line', options.onLine)
    return await settle(child, options)
  } finally {
    display?.stop()
    guard.disarm()
  }
}
