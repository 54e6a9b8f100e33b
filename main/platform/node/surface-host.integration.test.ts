import { execFileSync } from 'node:child_process'
import { createServer, type Server } from 'node:http'
import { connect } from 'node:net'
import type { AddressInfo } from 'node:net'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RenderSurface } from '../../../roles/api/render-surface.ts'
import { writeMessage } from '../../../roles/host/surfaces/socket-surface.ts'
import type { Surfaces } from '../../api/platform.ts'
import { createSurfaceHost } from './surface-host.ts'

/*
 * Render windows of a process without the app, in the real Electron, on a virtual screen where there is none. The page is
 * our own small one; what it tries is what a hijacked engine would try.
 */
const bundle = resolve(import.meta.dirname, '../../../out/main')
const page = resolve(import.meta.dirname, '../testing/surface-page')
const startLimitMs = 60_000
const forever = new AbortController().signal

let surfaces: Surfaces
let server: Server
let port = 0
let asked = 0

beforeAll(async () => {
  execFileSync(process.execPath, [resolve(import.meta.dirname, '../../cli/run.mjs'), 'build'], { stdio: 'ignore' })
  surfaces = createSurfaceHost({ from: bundle, page, idleMs: 1_500, silenceMs: 6_000 })
  server = createServer((_request, response) => (asked++, response.end('reached'))).listen(0, '127.0.0.1')
  server.on('connection', () => asked++)
  await new Promise((resolve) => server.once('listening', resolve))
  port = (server.address() as AddressInfo).port
}, startLimitMs)

afterAll(() => {
  surfaces.stop()
  server.close()
})

/** Opens a surface, waits for its page and asks it one thing at a time. */
async function openPage(): Promise<{ surface: RenderSurface; ask(question: object): Promise<unknown> }> {
  const surface = await surfaces.open({ signal: forever })
  const heard: unknown[] = []
  const waiting: ((message: unknown) => void)[] = []
  surface.onMessage((message) => (waiting.shift() ?? ((late) => heard.push(late)))(message))
  const next = () => (heard.length > 0 ? Promise.resolve(heard.shift()) : new Promise((told) => waiting.push(told)))
  expect(await next()).toEqual({ kind: 'booted' })
  return {
    surface,
    async ask(question) {
      surface.post(question)
      return ((await next()) as { answer: unknown }).answer
    },
  }
}

const ended = (surface: RenderSurface) => new Promise<string>((told) => surface.onClose(told))

describe('a render window', () => {
  test(
    'carries typed arrays there and back, bit for bit',
    async () => {
      const { surface, ask } = await openPage()
      const sums = Float32Array.from({ length: 256 * 256 * 3 }, (_, at) => Math.sin(at) * 2 ** (at % 60))
      const began = performance.now()
      expect(await ask({ kind: 'echo', value: { sums, rgba: Uint8Array.of(1, 2), name: null } })).toEqual({
        sums,
        rgba: Uint8Array.of(1, 2),
        name: null,
      })
      expect(performance.now() - began).toBeLessThan(2_000)
      surface.close()
      expect(await ended(surface)).toBe('The render window was closed.')
    },
    startLimitMs,
  )

  test(
    'draws with floats, works in workers, and runs at full pace although nobody sees it',
    async () => {
      const { surface, ask } = await openPage()
      expect(await ask({ kind: 'graphics' })).toMatchObject({ floats: true })
      expect(await ask({ kind: 'worker' })).toBe(42)
      const pace = (await ask({ kind: 'pace' })) as { timers: number }
      expect(pace.timers).toBeGreaterThan(40)
      surface.close()
    },
    startLimitMs,
  )

  test(
    'reaches neither network nor files nor devices, and opens nothing',
    async () => {
      const { surface, ask } = await openPage()
      const reached = await ask({ kind: 'reach', port })
      expect(reached).toMatchObject({
        socket: 'refused',
        webRtc: '0 candidates',
        window: 'null',
        outside: 404,
        leaks: [],
      })
      for (const way of ['fetch', 'image', 'file', 'camera'])
        expect(reached).toHaveProperty(way, expect.stringMatching(/refused/))
      expect(await ask({ kind: 'leave', port })).toMatch(/^app:/)
      expect(await ask({ kind: 'echo', value: 'still here' })).toBe('still here')
      expect(asked).toBe(0)
      surface.close()
    },
    startLimitMs,
  )

  test(
    'keeps nothing for the next one',
    async () => {
      const first = await openPage()
      expect(await first.ask({ kind: 'remember' })).toBeNull()
      expect(await first.ask({ kind: 'remember' })).toBe('yes')
      first.surface.close()
      const second = await openPage()
      const third = await openPage()
      expect(await second.ask({ kind: 'remember' })).toBeNull()
      expect(await third.ask({ kind: 'remember' })).toBeNull()
      second.surface.close()
      third.surface.close()
    },
    startLimitMs,
  )

  test(
    'that hangs is destroyed with a reason, and another one works meanwhile',
    async () => {
      const hung = await openPage()
      const other = await openPage()
      hung.surface.post({ kind: 'hang' })
      const end = ended(hung.surface)
      expect(await other.ask({ kind: 'echo', value: 1 })).toBe(1)
      expect(await end).toBe('The render window did not answer for 6 s.')
      expect(await other.ask({ kind: 'echo', value: 2 })).toBe(2)
      other.surface.close()
    },
    startLimitMs,
  )
})

describe('the process with the windows', () => {
  test(
    'takes nobody who does not know its token',
    async () => {
      const { surface } = await openPage()
      const ticket = await surfaces.openFor(null as never, { signal: forever })
      if (ticket.kind !== 'socket') throw new Error('no socket')
      const stranger = connect(ticket.path)
      writeMessage(stranger, { kind: 'open', token: 'guessed' })
      const said: Buffer[] = []
      stranger.on('data', (chunk) => said.push(chunk))
      await new Promise((resolve) => stranger.once('close', resolve))
      expect(said).toEqual([])
      surface.close()
    },
    startLimitMs,
  )

  test(
    'ends when nobody has a window, comes back when somebody wants one, and ends with its owner',
    async () => {
      const { surface } = await openPage()
      surface.close()
      await expect.poll(() => electronsBelow(process.pid).length, { timeout: 20_000 }).toBe(0)
      const again = await openPage()
      expect(electronsBelow(process.pid).length).toBeGreaterThan(0)
      surfaces.stop()
      expect(await ended(again.surface)).toMatch(/closed|ended/)
      await expect.poll(() => electronsBelow(process.pid).length, { timeout: 20_000 }).toBe(0)
    },
    startLimitMs,
  )

  test(
    'is refused in words where this installation has none, or no Electron can be had',
    async () => {
      const nowhere = createSurfaceHost({ from: '/', page })
      await expect(nowhere.open({ signal: forever })).rejects.toMatchObject({ code: 'NO_SURFACE' })
      process.env['ELECTRON_OVERRIDE_DIST_PATH'] = join(page, 'nothing-here')
      const without = createSurfaceHost({ from: bundle, page })
      await expect(without.open({ signal: forever })).rejects.toMatchObject({
        code: 'NO_SURFACE',
        message: expect.stringContaining('ELECTRON_OVERRIDE_DIST_PATH'),
      })
      delete process.env['ELECTRON_OVERRIDE_DIST_PATH']
    },
    startLimitMs,
  )
})

/** Command lines below a process, as Linux tells them. */
function electronsBelow(pid: number): string[] {
  const rows = execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .map(([own, parent, ...args]) => ({ pid: Number(own), parent: Number(parent), command: args.join(' ') }))
  const below = (parent: number): typeof rows =>
    rows.filter((row) => row.parent === parent).flatMap((row) => [row, ...below(row.pid)])
  return below(pid)
    .map(({ command }) => command)
    .filter((command) => command.includes('surface-host.js'))
}
