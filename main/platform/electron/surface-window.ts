import { app, BrowserWindow, MessageChannelMain, type MessagePortMain, type Session } from 'electron'
import { CancelledError, HearthError } from '../../../roles/api/errors.ts'
import type { Log, Undo } from '../../../roles/api/values.ts'
import { surfaceWire } from '../../api/surface-wire.ts'
import { lockedPreferences } from './locked-preferences.ts'
import { windowUrl } from './lockdown.ts'
import { returnSurfaceSession, takeSurfaceSession } from './surface-session.ts'

/** Three workers, five panel members and a customer at a time, and some to spare. */
const mostWindows = 16
const loadLimitMs = 30_000
/** A page that has not answered for so long hangs in a shader or a loop, and never comes back by itself. */
const silenceLimitMs = 30_000
const beatsPerLimit = 6

/** A hidden window with the engine's page. `port` leads to the page; whoever opened the window destroys it. */
export type SurfaceWindow = {
  readonly port: MessagePortMain
  /** Called once when the window is gone, with a plain sentence. */
  onGone(listener: (reason: string) => void): Undo
  destroy(reason: string): void
}

export type SurfaceWindowOptions = {
  /** Folder with the page's `index.html`. */
  readonly pageRoot: string
  readonly preload: string
  readonly signal: AbortSignal
  /** How long the page may stay without an answer; a test waits less. */
  readonly silenceMs?: number
  readonly log: Log
}

let open = 0

/**
 * Opens a window that nobody sees, sandboxed and cut off, and hands its page a port. Rejects with SURFACES_BUSY or
 * SURFACE_FAILED, nothing left open.
 */
export async function openSurfaceWindow(options: SurfaceWindowOptions): Promise<SurfaceWindow> {
  const { signal, log } = options
  if (signal.aborted) throw new CancelledError('Opening a render window')
  if (open >= mostWindows) {
    throw new HearthError('SURFACES_BUSY', `${mostWindows} render windows are open, and more would only slow them.`)
  }
  // Counted before the first wait, so that wishes at one time cannot pass the limit together.
  open++
  const session = await sessionFor(options).catch((error: unknown) => {
    open--
    throw error
  })
  const window = makeWindow(session, options.preload)
  const surface = watch(window, options.silenceMs ?? silenceLimitMs, log)
  const cancel = () => surface.destroy('Opening the render window was cancelled.')
  signal.addEventListener('abort', cancel, { once: true })
  window.once('closed', () => {
    open--
    returnSurfaceSession(session).catch((error: unknown) => log.warn('A session was not wiped.', { error }))
  })
  try {
    await load(window, surface)
    if (signal.aborted) throw new CancelledError('Opening a render window')
    handPorts(window, surface)
    return surface
  } finally {
    signal.removeEventListener('abort', cancel)
  }
}

/** No window is made before its session is cut off from everything. */
async function sessionFor({ pageRoot, signal }: SurfaceWindowOptions): Promise<Session> {
  const session = await takeSurfaceSession(pageRoot).catch((cause: unknown) => {
    throw new HearthError('SURFACE_FAILED', 'A render window could not be cut off from the network.', { cause })
  })
  if (!signal.aborted) return session
  await returnSurfaceSession(session)
  throw new CancelledError('Opening a render window')
}

function makeWindow(session: Session, preload: string): BrowserWindow {
  return new BrowserWindow({
    show: false,
    width: 64,
    height: 64,
    skipTaskbar: true,
    focusable: false,
    webPreferences: {
      session,
      preload,
      devTools: false,
      ...lockedPreferences,
      // Nobody looks at it, and it works all the same.
      backgroundThrottling: false,
    },
  })
}

type Watched = SurfaceWindow & { readonly far: MessagePortMain; readonly beat: MessagePortMain; start(): void }

/** Everything that can end a window, each with its reason; the first one counts. */
function watch(window: BrowserWindow, silenceMs: number, log: Log): Watched {
  const data = new MessageChannelMain()
  const beats = new MessageChannelMain()
  const listeners = new Set<(reason: string) => void>()
  let gone: string | null = null
  let lastBeat = performance.now()
  let timer: NodeJS.Timeout | undefined
  const end = (reason: string) => {
    if (gone !== null) return
    gone = reason
    clearInterval(timer)
    app.off('child-process-gone', graphicsGone)
    data.port1.close()
    beats.port1.close()
    if (!window.isDestroyed()) {
      // A page that hangs would keep its process for as long as it likes.
      window.webContents.forcefullyCrashRenderer()
      window.destroy()
    }
    for (const listener of listeners) listener(reason)
  }
  const graphicsGone = (_event: unknown, { type, reason }: { type: string; reason: string }) => {
    if (type === 'GPU' && reason !== 'clean-exit') end('The graphics process of the render window crashed.')
  }
  app.on('child-process-gone', graphicsGone)
  window.webContents.on('render-process-gone', (_event, { reason }) => end(explain(reason)))
  window.once('closed', () => end('The render window was closed.'))
  window.webContents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp')
  window.webContents.on('console-message', (event, level, message) => {
    // Newer versions of Electron put both on the event, and name the level.
    const isBad = typeof level === 'number' ? level >= 2 : event.level === 'warning' || event.level === 'error'
    if (isBad) log.warn('A render window complained.', { message: (message ?? event.message).slice(0, 500) })
  })
  beats.port1.on('message', () => (lastBeat = performance.now()))
  return {
    port: data.port1,
    far: data.port2,
    beat: beats.port2,
    start() {
      beats.port1.start()
      lastBeat = performance.now()
      timer = setInterval(() => {
        const silentMs = performance.now() - lastBeat
        // A tick that comes far too late means that the machine slept, not the page.
        if (silentMs > silenceMs && silentMs < 2 * silenceMs)
          return end(`The render window did not answer for ${silenceMs / 1000} s.`)
        if (silentMs > silenceMs) lastBeat = performance.now()
        beats.port1.postMessage(null)
      }, silenceMs / beatsPerLimit)
    },
    onGone(listener) {
      if (gone !== null) listener(gone)
      else listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    destroy: end,
  }
}

async function load(window: BrowserWindow, surface: Watched): Promise<void> {
  let reason = 'Its page did not load.'
  surface.onGone((told) => (reason = told))
  const timer = setTimeout(() => surface.destroy(`Its page did not load within ${loadLimitMs / 1000} s.`), loadLimitMs)
  try {
    await window.loadURL(windowUrl)
  } catch (cause) {
    surface.destroy(reason)
    throw new HearthError('SURFACE_FAILED', `A render window could not be opened. ${reason}`, { cause })
  } finally {
    clearTimeout(timer)
  }
}

function handPorts(window: BrowserWindow, surface: Watched): void {
  window.webContents.postMessage(surfaceWire, null, [surface.far, surface.beat])
  surface.start()
}

function explain(reason: string): string {
  switch (reason) {
    case 'oom':
      return 'The render window ran out of memory.'
    case 'killed':
      return 'The render window was ended from outside.'
    case 'clean-exit':
      return 'The render window was closed.'
    default:
      return `The render window crashed (${reason}).`
  }
}
