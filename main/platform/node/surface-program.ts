import { spawn } from 'node:child_process'
import { join, dirname } from 'node:path'
import { pathToFileURL } from 'node:url'
import { HearthError } from '../../../roles/api/errors.ts'
import { findNear } from './find-near.ts'

/** A started process that is to have the render windows, and how it ends. */
export type SurfaceProgram = {
  readonly pid: number | undefined
  onLogLine(listener: (line: string) => void): void
  onEnd(listener: () => void): void
  kill(): void
}

/** What the program and Electron may know of the environment: where screen, programs and downloads are. */
const handedOn = [
  'PATH',
  'HOME',
  'TMPDIR',
  'TMP',
  'TEMP',
  'LANG',
  'TZ',
  'SystemRoot',
  'LOCALAPPDATA',
  'APPDATA',
  'USERPROFILE',
  'DISPLAY',
  'WAYLAND_DISPLAY',
  'XAUTHORITY',
  'XDG_RUNTIME_DIR',
  'XDG_CACHE_HOME',
  'ELECTRON_OVERRIDE_DIST_PATH',
  'ELECTRON_MIRROR',
  'npm_execpath',
] as const

/**
 * Starts the launcher that brings in Electron and, without a screen, a virtual one, and runs the windows' process on it.
 * Throws NO_SURFACE where this installation has no such launcher.
 */
export function startSurfaceProgram(options: {
  from: string
  args: readonly string[]
  env: Readonly<Record<string, string>>
}): SurfaceProgram {
  const launcher = findNear(join('main', 'cli', 'launcher', 'surface-host.ts'), options.from)
  const entry =
    findNear('surface-host.js', options.from) ?? findNear(join('out', 'main', 'surface-host.js'), options.from)
  if (launcher === null || entry === null) {
    throw new HearthError('NO_SURFACE', 'Rendering needs a window, and this installation has none besides the app.', {
      action: 'Start the Hearth app, which renders in windows of its own.',
    })
  }
  const endWithParent = pathToFileURL(join(dirname(launcher), 'end-with-parent.mjs')).href
  const args = ['--disable-warning=ExperimentalWarning', '--import', endWithParent, launcher, entry, ...options.args]
  const inherited = handedOn.flatMap((name) => {
    const value = process.env[name]
    return value === undefined ? [] : [[name, value] as const]
  })
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...Object.fromEntries(inherited), ...options.env },
  })
  let rest = ''
  const listeners = new Set<(line: string) => void>()
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n')
    rest = (lines.pop() ?? '').slice(-4096)
    for (const line of lines) listeners.forEach((listener) => listener(line))
  })
  return {
    pid: child.pid,
    onLogLine: (listener) => void listeners.add(listener),
    onEnd(listener) {
      child.once('close', listener)
      child.once('error', listener)
    },
    kill: () => void child.kill('SIGTERM'),
  }
}
