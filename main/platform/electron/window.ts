import { BrowserWindow, nativeTheme, screen, type Session } from 'electron'
import type { Log } from '../../../roles/api/values.ts'
import { lockedPreferences } from './locked-preferences.ts'
import { windowUrl } from './lockdown.ts'
import { minimumSize, placeWindow, type WindowState } from './window-bounds.ts'

/** The page's own background, so that nothing flashes before the first paint. */
const background = { dark: '#1c1917', light: '#fafaf9' }

export type WindowOptions = {
  readonly session: Session
  readonly preload: string
  readonly icon: string
  readonly remembered: WindowState | null
  readonly remember: (state: WindowState) => void
  readonly devTools: boolean
  readonly log: Log
}

/**
 * The one place that makes the app's own window. Sandboxed and isolated, with a preload and nothing else; which page is loaded is
 * not a parameter.
 */
export function createWindow(options: WindowOptions): BrowserWindow {
  const { maximized, ...bounds } = placeWindow(options.remembered, workAreas())
  const window = new BrowserWindow({
    ...bounds,
    minWidth: Math.min(minimumSize.width, bounds.width),
    minHeight: Math.min(minimumSize.height, bounds.height),
    title: 'Hearth',
    icon: options.icon,
    show: false,
    autoHideMenuBar: true,
    backgroundColor: nativeTheme.shouldUseDarkColors ? background.dark : background.light,
    webPreferences: {
      session: options.session,
      preload: options.preload,
      devTools: options.devTools,
      ...lockedPreferences,
    },
  })
  if (maximized) window.maximize()
  window.once('ready-to-show', () => window.show())
  window.on('close', () => options.remember({ ...window.getNormalBounds(), maximized: window.isMaximized() }))
  restoreWhenLost(window, options.log)
  void window.loadURL(windowUrl).catch((error: unknown) => options.log.error('window did not load', { error }))
  return window
}

function workAreas() {
  const primary = screen.getPrimaryDisplay()
  const others = screen.getAllDisplays().filter((display) => display.id !== primary.id)
  return [primary, ...others].map((display) => display.workArea)
}

/** Losses closer together than this are one loop, and loading again would only feed it. */
const lossLoopMs = 10_000

/** Chromium's number for a load that was given up on purpose, as a refused navigation is. */
const loadAborted = -3

/**
 * The page holds nothing that is not in main. So when its process crashes, or some address that Chromium itself refuses
 * leaves an error page behind, our page is simply loaded again.
 */
function restoreWhenLost(window: BrowserWindow, log: Log): void {
  let lastLossMs = -Infinity
  const restore = () => {
    const sinceLastMs = performance.now() - lastLossMs
    lastLossMs = performance.now()
    if (sinceLastMs < lossLoopMs || window.isDestroyed()) return
    window.loadURL(windowUrl).catch((error: unknown) => log.error('window did not load again', { error }))
  }
  window.webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
    log.error('window process gone', { reason, exitCode })
    if (reason !== 'clean-exit') restore()
  })
  window.webContents.on('did-fail-load', (_event, code, description, _url, isMainFrame) => {
    if (!isMainFrame || code === loadAborted) return
    log.error('window page lost', { code, description })
    restore()
  })
}
