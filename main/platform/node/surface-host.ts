import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { z } from 'zod'
import { CancelledError, HearthError } from '../../../roles/api/errors.ts'
import { openSocketSurface } from '../../../roles/host/surfaces/socket-surface.ts'
import type { Surfaces } from '../../api/platform.ts'
import { startSurfaceProgram, type SurfaceProgram } from './surface-program.ts'

/** The first start on a machine may have to bring in Electron and system libraries. */
const startLimitMs = 10 * 60_000
/** Without a window for so long the process is ended; the next one costs a second or two. */
const idleMs = 60_000
/** Lines that are searched for the reason when it cannot start. */
const keptLines = 12

export type SurfaceHostOptions = {
  /** Folder of the running bundle, near which the built files are found. */
  readonly from: string
  /** Folder of the page to show instead of the engine's, for tests. */
  readonly page?: string
  /** How long a page may stay without an answer, for tests that do not want to wait. */
  readonly silenceMs?: number
  readonly idleMs?: number
}

const toldSchema = z.object({ token: z.string(), windows: z.number().int().nonnegative() })

type Host = { readonly path: string; readonly token: string; readonly program: SurfaceProgram; end(): void }

/**
 * Render windows for a plain Node process and its children: one Electron for all of them, started with the first wish and
 * ended when nobody has had a window for a minute, or with this process.
 */
export function createSurfaceHost(options: SurfaceHostOptions): Surfaces {
  let starting: Promise<Host> | null = null
  let idle: NodeJS.Timeout | undefined
  let end: (() => void) | null = null
  let windows = 0

  const endWhenIdle = () => {
    clearTimeout(idle)
    if (windows === 0) idle = setTimeout(() => end?.(), options.idleMs ?? idleMs).unref()
  }
  const host = (): Promise<Host> => {
    starting ??= startHost(options, {
      onWindows(count) {
        windows = count
        endWhenIdle()
      },
      onEnd() {
        starting = null
        end = null
        windows = 0
      },
      onStarted: (endIt) => (end = endIt),
    })
    return starting
  }
  const ticket = async ({ signal }: { signal: AbortSignal }) => {
    const { path, token } = await unlessAborted(host, signal)
    endWhenIdle()
    return { kind: 'socket', path, token } as const
  }
  return {
    openFor: (_child, wish) => ticket(wish),
    open: async (wish) => openSocketSurface(await ticket(wish), wish),
    stop() {
      clearTimeout(idle)
      end?.()
    },
  }
}

type HostEvents = {
  onWindows(count: number): void
  onEnd(): void
  onStarted(end: () => void): void
}

function startHost(options: SurfaceHostOptions, events: HostEvents): Promise<Host> {
  const folder = mkdtempSync(join(tmpdir(), 'hearth-surfaces-'))
  const token = randomBytes(32).toString('hex')
  const [ownerPath, path] = [socketPath(folder, 'owner'), socketPath(folder, 'windows')]
  const lines: string[] = []
  return new Promise<Host>((resolve, reject) => {
    let program: SurfaceProgram | null = null
    let owner: Socket | null = null
    let ended = false
    const end = () => {
      if (ended) return
      ended = true
      clearTimeout(timer)
      process.off('exit', end)
      server.close()
      owner?.destroy()
      program?.kill()
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
      events.onEnd()
      reject(failure(lines))
    }
    const server: Server = createServer((socket) => {
      if (owner !== null) return void socket.destroy()
      owner = socket
      socket.on('error', () => {})
      socket.once('close', end)
      createInterface({ input: socket }).on('line', (line) => {
        const told = toldSchema.safeParse(parse(line))
        if (!told.success || told.data.token !== token || program === null) return
        clearTimeout(timer)
        events.onWindows(told.data.windows)
        resolve({ path, token, program, end })
      })
    })
    const timer = setTimeout(end, startLimitMs)
    process.once('exit', end)
    events.onStarted(end)
    server.on('error', end)
    server.listen(ownerPath, () => {
      if (ended) return
      try {
        program = startSurfaceProgram({
          from: options.from,
          args: [
            ...(options.page === undefined ? [] : [`--page=${options.page}`]),
            ...(options.silenceMs === undefined ? [] : [`--silence-ms=${options.silenceMs}`]),
          ],
          env: {
            HEARTH_SURFACE_OWNER: ownerPath,
            HEARTH_SURFACE_SOCKET: path,
            HEARTH_SURFACE_TOKEN: token,
            HEARTH_SURFACE_FILES: join(folder, 'chromium'),
          },
        })
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)))
        return end()
      }
      program.onLogLine((line) => lines.push(line) > keptLines && lines.shift())
      program.onEnd(end)
    })
    server.unref()
  })
}

/** Windows knows no sockets in folders; its pipes live in a space of their own, so the folder's random name is in theirs. */
function socketPath(folder: string, name: string): string {
  if (process.platform !== 'win32') return join(folder, name)
  return `\\\\.\\pipe\\hearth-${randomBytes(16).toString('hex')}-${name}`
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return null
  }
}

/** The launcher's last words say what is missing here: a library, a screen, a download. */
function failure(lines: readonly string[]): HearthError {
  const words = lines.map((line) => line.trim()).filter((line) => line !== '')
  const last = words.at(-1)?.slice(0, 400)
  return new HearthError(
    'NO_SURFACE',
    `Rendering needs a hidden window of Electron, which could not be started here${last === undefined ? '.' : `: ${last}`}`,
    { action: 'Bring in what is missing, or start the Hearth app, which renders in windows of its own.' },
  )
}

/** Begins nothing when nobody wants it any more: what would be begun has no owner then. */
async function unlessAborted<T>(begin: () => Promise<T>, signal: AbortSignal): Promise<T> {
  if (signal.aborted) throw new CancelledError('Opening a surface')
  let cancel = () => {}
  const aborted = new Promise<never>((_, reject) => {
    cancel = () => reject(new CancelledError('Opening a surface'))
    signal.addEventListener('abort', cancel, { once: true })
  })
  return Promise.race([begin(), aborted]).finally(() => signal.removeEventListener('abort', cancel))
}
