import { app, dialog, nativeTheme, type BrowserWindow } from 'electron'
import { join } from 'node:path'
import { HearthError } from '../roles/api/errors.ts'
import type { EngineService } from './api/engine.ts'
import { createDoor } from './ipc/door.ts'
import { createEngineSlot, type EngineSlot } from './ipc/engine-slot.ts'
import { forwardEvents } from './ipc/events.ts'
import { createHandlers } from './ipc/handlers.ts'
import { registerAppScheme } from './platform/electron/app-scheme.ts'
import { chooseHome, optionOf, problemOfHome } from './platform/electron/home.ts'
import { answerRequests, sendEvent } from './platform/electron/ipc.ts'
import { openLink } from './platform/electron/links.ts'
import { lockDownWebContents } from './platform/electron/lockdown.ts'
import { openLogFile } from './platform/electron/log-file.ts'
import { installMenu } from './platform/electron/menu.ts'
import { createElectronPlatform, type ElectronPlatform } from './platform/electron/platform.ts'
import { openEndingMark } from './platform/electron/ending-mark.ts'
import { quitCleanly } from './platform/electron/quit.ts'
import { takeLock } from './platform/electron/take-lock.ts'
import { createWindow } from './platform/electron/window.ts'
import { createWindowSession } from './platform/electron/window-session.ts'
import { openRememberedFile } from './platform/electron/remembered-file.ts'

// The heavy half (engine, chain, practice network) is imported after the window is on its way: see startHome.

/** The engine starts by then, whether or not the window is there: earning does not hang on looking. */
const showLimitMs = 3_000

const home = chooseHome(process.argv, process.env, app.getPath('appData'))
const bundle = join(import.meta.dirname, '..')
const log = openLogFile(join(home, 'logs'))
const endingMark = openEndingMark(join(home, 'window', 'ending'), log)
const remembered = openRememberedFile(join(home, 'window', 'look.json'), log)

process.on('uncaughtException', (error) => log.error('uncaught exception', { error }))
process.on('unhandledRejection', (reason) => log.error('unhandled rejection', { reason }))

const problem = problemOfHome(home)
if (problem === null) boot()
else refuse(problem)

/** All that must happen before Electron is ready. */
function boot(): void {
  log.info('started', { version: app.getVersion(), electron: process.versions.electron, home })
  // Chromium's own files and its lock live in the home, so two homes are two apps and one home is one.
  app.setPath('userData', join(home, 'window'))
  // For root Chromium has no sandbox to enable, and enabling it would take the flag away from its children.
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox()
  // Chromium keeps drivers on a list that it does not trust with a page, such as those of servers without a card. Ours renders
  // in windows of their own, and without it falls back to a renderer that is a hundred times slower.
  if (process.platform === 'linux') app.commandLine.appendSwitch('ignore-gpu-blocklist')
  registerAppScheme()
  lockDownWebContents(log)
  void takeLock({ request: () => app.requestSingleInstanceLock(), isEnding: endingMark.isSet }).then((taken) => {
    if (!taken) return app.quit()
    endingMark.clear()
    void app.whenReady().then(run)
  })
}

function refuse(words: string): void {
  dialog.showErrorBox('Hearth', words)
  app.exit(1)
}

/** The window first, then the engine: a person sees progress within a second. */
function run(): void {
  let window: BrowserWindow | null = null
  const platform = createElectronPlatform({
    entryDirectory: import.meta.dirname,
    environment: process.env,
    renderPage: join(bundle, 'render-engine'),
    renderPreload: join(bundle, 'preload', 'render-surface.cjs'),
    log,
  })
  const checkMessages = !app.isPackaged
  const slot = createEngineSlot({ version: app.getVersion(), startEngine: () => startHome(platform), log })
  const handlers = createHandlers({ slot, openLink })
  const door = createDoor({
    handlers,
    isOurWindow: (id) => window !== null && !window.isDestroyed() && window.webContents.id === id,
    checkResults: checkMessages,
    log,
  })
  answerRequests(door)
  forwardEvents({
    slot,
    send: (channel, payload) => sendEvent(window, channel, payload),
    checkPayloads: checkMessages,
    log,
  })
  const quitting = quitCleanly({
    drain: (options) => drain(slot, options),
    endChildren: () => platform.endChildren(),
    onEnding: endingMark.set,
    log,
  })
  installMenu({ packaged: app.isPackaged })
  followTheme(slot)
  window = openWindow()
  // Who starts Hearth again while it is still ending waits for its end and is the next one: see take-lock.ts.
  app.on('second-instance', () => (quitting.isEnding() ? undefined : focus(window)))
  // Without a tray a hidden app would work where nobody sees it: closing the window ends it, on every system. Ending begins
  // with the wish, since a slow page may keep its window for a while and a second start would then bring that one up.
  window.on('close', () => app.quit())
  app.on('window-all-closed', () => app.quit())
  void shown(window).then(() => slot.start())
}

function openWindow(): BrowserWindow {
  return createWindow({
    session: createWindowSession(join(bundle, 'renderer')),
    preload: join(bundle, 'preload', 'index.cjs'),
    icon: join(app.getAppPath(), 'main/platform/icons/256x256.png'),
    remembered: remembered.read().bounds,
    remember: (bounds) => remembered.update({ bounds }),
    devTools: !app.isPackaged,
    log,
  })
}

function followTheme(slot: EngineSlot): void {
  nativeTheme.themeSource = remembered.read().theme
  slot.onSnapshot(({ theme }) => {
    if (!slot.isRunning() || nativeTheme.themeSource === theme) return
    nativeTheme.themeSource = theme
    remembered.update({ theme })
  })
}

/** Resolves when the window is on the screen, or soon after in any case: eighteen starting processes would hold it up. */
function shown(window: BrowserWindow): Promise<void> {
  return new Promise((done) => {
    window.once('show', () => done())
    setTimeout(done, showLimitMs)
  })
}

function focus(window: BrowserWindow | null): void {
  if (window === null || window.isDestroyed()) return
  if (window.isMinimized()) window.restore()
  window.show()
  window.focus()
}

/**
 * Opens the home and starts its engine, which joins or starts the practice network by itself. Imported only here, since
 * chain and engine take longer to load than the window takes to open.
 */
async function startHome(platform: ElectronPlatform): Promise<EngineService> {
  const [store, wallet, { startEngine }, { createPracticeStarter, customerUpkeep }, resources] = await Promise.all([
    import('./store/index.ts'),
    import('./wallet/index.ts'),
    import('./app/engine.ts'),
    import('./practice/index.ts'),
    import('../resources/index.ts'),
  ])
  return startEngine({
    home: store.openHome(home, {
      secrets: platform.secrets,
      passphraseFile: process.env['HEARTH_PASSPHRASE_FILE'] ?? null,
    }),
    platform,
    version: app.getVersion(),
    log,
    resources,
    practice: createPracticeStarter({ homeDirectory: home, platform, log }),
    customerUpkeep,
    ledger: ledgerOf(optionOf(process.argv, 'ledger'), wallet),
  })
}

/** The device that `--ledger` names, as on the command line. */
function ledgerOf(text: string | undefined, { parseDeviceChoice }: typeof import('./wallet/index.ts')) {
  const choice = text === undefined ? null : parseDeviceChoice(text)
  if (text === undefined || choice !== null) return choice
  throw new HearthError('LEDGER_OPTION_WRONG', `"--ledger ${text}" names no device.`, {
    action: 'Write --ledger usb or --ledger speculos:HOST:PORT.',
  })
}

/** Ends the engine with its roles and the practice network it started. */
async function drain(slot: EngineSlot, options: { deadlineMs: number }): Promise<void> {
  const engine = await slot.settled()
  await engine?.stop(options)
}
