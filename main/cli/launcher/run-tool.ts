import { spawn } from 'node:child_process'
import type { Guard } from './guard.ts'

/** How a tool ended. `code` is null when it ran out of time or was ended from outside. */
export type ToolResult = { readonly code: number | null; readonly output: string; readonly timedOut: boolean }

/** Everything that has been started and has not ended, by process group, so that an interrupted run leaves nothing behind. */
const running = new Set<number>()

function endGroup(pid: number): void {
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL')
  } catch {
    // It has ended by itself.
  }
}

/** Ends every tool that still runs, with all that it has started. */
export function endAllTools(): void {
  for (const pid of running) endGroup(pid)
}

/**
 * Runs a program of a package under this Node and collects what it writes. The tool leads a process group of its own: what it
 * has started is ended with it, in time, on a time-out, and (by the guard) when we are killed.
 */
export function runTool(options: {
  args: readonly string[]
  cwd: string
  env?: NodeJS.ProcessEnv
  timeoutMs: number
  guard: Guard
}): Promise<ToolResult> {
  return new Promise((done) => {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ...options.args], {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: process.platform !== 'win32',
    })
    const pid = child.pid
    let output = ''
    let timedOut = false
    const collect = (data: Buffer) => (output += data.toString())
    child.stdout.on('data', collect)
    child.stderr.on('data', collect)
    const timer = setTimeout(() => {
      timedOut = true
      if (pid !== undefined) endGroup(pid)
    }, options.timeoutMs)
    if (pid !== undefined) {
      running.add(pid)
      options.guard.watch(process.platform === 'win32' ? pid : -pid)
    }
    child.once('error', (error) => (output += `${error.message}\n`))
    child.once('exit', () => {
      // Grandchildren that hold the pipes open would keep `close` from coming.
      if (pid !== undefined) endGroup(pid)
    })
    child.once('close', (code) => {
      clearTimeout(timer)
      if (pid !== undefined) running.delete(pid)
      done({ code, output, timedOut })
    })
  })
}
