import { app } from 'electron'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { HearthError, serializeError } from '../../../roles/api/errors.ts'
import type { Log } from '../../../roles/api/values.ts'
import {
  readMessages,
  toSurfaceHostSchema,
  writeMessage,
  type ToSurfaceHost,
} from '../../../roles/host/surfaces/socket-surface.ts'
import { registerAppScheme } from './app-scheme.ts'
import { optionOf } from './home.ts'
import { lockDownWebContents } from './lockdown.ts'
import { openSurfaceWindow } from './surface-window.ts'
import { surfaceOf } from './surfaces.ts'

/**
 * Entry of an Electron that shows nothing and only has render windows: for `hearth node` and the other commands that run
 * without the app. Its owner listens at HEARTH_SURFACE_OWNER; this process listens at HEARTH_SURFACE_SOCKET, where each
 * connection that knows the token is one window. It ends with the connection to its owner, however that one ends.
 */

/** An owner that is there answers at once. */
const ownerLimitMs = 10_000

const { HEARTH_SURFACE_OWNER: ownerPath, HEARTH_SURFACE_SOCKET: path, HEARTH_SURFACE_TOKEN: token } = process.env
const bundle = join(import.meta.dirname, '..')
const pageRoot = optionOf(process.argv, 'page') ?? join(bundle, 'render-engine')
const preload = join(bundle, 'preload', 'render-surface.cjs')
const silence = optionOf(process.argv, 'silence-ms')
const limits = silence === undefined ? {} : { silenceMs: Number(silence) }

/** Standard error leads to the owner, which keeps the last lines for the reason of an end. */
const say = (message: string, details?: Readonly<Record<string, unknown>>) =>
  process.stderr.write(`${message}${details === undefined ? '' : ` ${JSON.stringify(details)}`}\n`)
const log: Log = { debug() {}, info() {}, warn: say, error: say }

if (ownerPath === undefined || path === undefined || token === undefined) {
  say('This program is started by Hearth where it renders; by itself it has nothing to do.')
  app.exit(2)
} else {
  boot(ownerPath, path, token)
}

function boot(ownerPath: string, path: string, token: string): void {
  process.on('uncaughtException', (error) => say('An error in the process of render windows.', { error: error.stack }))
  process.on('unhandledRejection', (error) =>
    say('An error in the process of render windows.', { error: String(error) }),
  )
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox()
  // Chromium's own files of this process are thrown away with the folder of the two sockets.
  const folder = process.env['HEARTH_SURFACE_FILES']
  if (folder !== undefined) app.setPath('userData', folder)
  registerAppScheme()
  lockDownWebContents(log)
  app.on('window-all-closed', () => {
    // Windows come and go here; the owner decides when this process ends.
  })
  for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => {})
  process.on('SIGTERM', () => app.exit(0))
  void app.whenReady().then(() => serve(ownerPath, path, token))
}

function serve(ownerPath: string, path: string, token: string): void {
  const owner = connect(ownerPath)
  const limit = setTimeout(() => app.exit(1), ownerLimitMs)
  owner.on('error', () => app.exit(1))
  owner.on('close', () => app.exit(0))
  const windows = new Set<Socket>()
  const tell = () => owner.write(`${JSON.stringify({ token, windows: windows.size })}\n`)
  const server: Server = createServer((socket) => {
    socket.once('close', () => {
      if (windows.delete(socket)) tell()
    })
    admit(socket, token, () => {
      windows.add(socket)
      tell()
    })
  })
  owner.once('connect', () => {
    clearTimeout(limit)
    server.listen(path, tell)
  })
}

/** Takes one connection: the first message must be the wish for a window, with the token. */
function admit(socket: Socket, token: string, onAdmitted: () => void): void {
  const life = new AbortController()
  socket.once('close', () => life.abort())
  socket.on('error', () => socket.destroy())
  let receive: (message: ToSurfaceHost) => void = (message) => {
    if (message.kind !== 'open' || message.token !== token) return void socket.destroy()
    receive = () => socket.destroy()
    onAdmitted()
    void openFor(socket, life.signal).then(
      (next) => (receive = next),
      (error: unknown) => refuse(socket, error),
    )
  }
  readMessages(socket, toSurfaceHostSchema, (message) => receive(message))
}

async function openFor(socket: Socket, signal: AbortSignal): Promise<(message: ToSurfaceHost) => void> {
  const window = await openSurfaceWindow({ pageRoot, preload, signal, log, ...limits })
  const surface = surfaceOf(window, log)
  if (signal.aborted) surface.close()
  signal.addEventListener('abort', () => surface.close(), { once: true })
  window.onGone((reason) => {
    writeMessage(socket, { kind: 'closed', reason })
    socket.end()
  })
  surface.onMessage((message) => {
    try {
      writeMessage(socket, { kind: 'message', message })
    } catch (error) {
      log.warn('A render window sent what cannot be carried.', { error: String(error) })
    }
  })
  writeMessage(socket, { kind: 'opened' })
  return (message) => {
    if (message.kind === 'message') surface.post(message.message)
    else throw new HearthError('SURFACE_OPEN', 'One connection is one window.')
  }
}

function refuse(socket: Socket, error: unknown): void {
  writeMessage(socket, { kind: 'refused', error: serializeError(error) })
  socket.end()
}
