import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'

const startTimeoutMs = 15_000

/** A screen in memory: `env` is what a program needs to draw on it. */
export type VirtualDisplay = { readonly pid: number; readonly env: Record<string, string>; stop(): void }

/**
 * The access file of X with one random cookie. Family 65535 and an empty number mean any display, because the number is known
 * only once the server runs (Xau library, Xauth file format: big-endian lengths).
 */
function accessFile(): Buffer {
  const field = (bytes: Buffer) => Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 255]), bytes])
  const nothing = Buffer.alloc(0)
  return Buffer.concat([
    Buffer.from([0xff, 0xff]),
    field(nothing),
    field(nothing),
    field(Buffer.from('MIT-MAGIC-COOKIE-1')),
    field(randomBytes(16)),
  ])
}

/** Starts Xvfb on a free display number that it chooses itself, closed to other people of this machine. */
export async function startVirtualDisplay(): Promise<VirtualDisplay> {
  const folder = mkdtempSync(join(tmpdir(), 'hearth-display-'))
  const access = join(folder, 'access')
  writeFileSync(access, accessFile(), { mode: 0o600 })
  const args = ['-displayfd', '3', '-screen', '0', '1600x1000x24', '-nolisten', 'tcp', '-noreset', '-auth', access]
  const child = spawn('Xvfb', args, { stdio: ['ignore', 'ignore', 'pipe', 'pipe'], detached: true })
  const stop = () => {
    child.kill('SIGTERM')
    rmSync(folder, { recursive: true, force: true })
  }
  const number = await new Promise<string>((done, fail) => {
    let complaint = ''
    const timer = setTimeout(() => fail(new Error(`Xvfb did not start within ${startTimeoutMs} ms.`)), startTimeoutMs)
    child.stderr?.on('data', (data: Buffer) => (complaint += data.toString()))
    ;(child.stdio[3] as Readable).once('data', (data: Buffer) => {
      clearTimeout(timer)
      done(data.toString().trim())
    })
    child.once('error', fail)
    child.once('exit', (code) => fail(new Error(`Xvfb ended with ${code}: ${complaint.trim()}`)))
  }).catch((error: unknown) => {
    stop()
    throw error
  })
  child.unref()
  return { pid: child.pid as number, env: { DISPLAY: `:${number}`, XAUTHORITY: access }, stop }
}

/** Whether this machine has no screen that a window could open on. */
export function lacksDisplay(env: NodeJS.ProcessEnv = process.env): boolean {
  return process.platform === 'linux' && !env['DISPLAY'] && !env['WAYLAND_DISPLAY']
}

/** On a screen that speaks only Wayland, Chromium has to be told; elsewhere it finds the screen by itself. */
export function waylandArguments(env: NodeJS.ProcessEnv = process.env): string[] {
  return process.platform === 'linux' && !env['DISPLAY'] && env['WAYLAND_DISPLAY'] ? ['--ozone-platform=wayland'] : []
}
