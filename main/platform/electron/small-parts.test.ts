import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { silentLog } from '../../../roles/api/values.ts'
import { childEnvironment } from './child-environment.ts'
import { chooseHome, problemOfHome } from './home.ts'
import { forEachLine } from './lines.ts'
import { openLogFile } from './log-file.ts'
import { openRememberedFile } from './remembered-file.ts'

let folder: string
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'hearth-shell-'))))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('the home of the app', () => {
  it('is the flag, else the variable, else the data folder', () => {
    expect(chooseHome(['electron', '.', '--home', '/a'], { HEARTH_HOME: '/b' }, '/data')).toBe('/a')
    expect(chooseHome(['electron', '--home=/a=b'], {}, '/data')).toBe('/a=b')
    expect(chooseHome(['electron', '.'], { HEARTH_HOME: '/b' }, '/data')).toBe('/b')
    expect(chooseHome(['electron', '.'], { HEARTH_HOME: '' }, '/data')).toBe(join('/data', 'Hearth'))
  })
})

describe('the folder of the home', () => {
  it('is made when it is missing', () => expect(problemOfHome(join(folder, 'a', 'b'))).toBeNull())

  it('says what to do when something else is in its place', () => {
    const file = join(folder, 'file')
    writeFileSync(file, '')
    expect(problemOfHome(file)).toContain(file)
    expect(problemOfHome(join(file, 'below'))).toContain('--home')
  })
})

describe('what a child knows of the environment', () => {
  it('holds the listed names and nothing else', () => {
    const environment = {
      PATH: '/bin',
      AWS_SECRET: 'x',
      HEARTH_PASSPHRASE_FILE: '/secret',
      NODE_OPTIONS: '-r x',
      TZ: undefined,
    }
    expect(childEnvironment(environment)).toEqual({ PATH: '/bin' })
  })
})

describe('lines of a child', () => {
  it('come whole, however they were cut', async () => {
    const stream = new PassThrough()
    const lines: string[] = []
    forEachLine(stream, (line) => lines.push(line))
    const text = Buffer.from('one\r\ntwo \u{1f525}\nlast')
    for (const byte of text) stream.write(Buffer.from([byte]))
    stream.end()
    await new Promise((resolve) => stream.on('end', resolve))
    expect(lines).toEqual(['one', 'two \u{1f525}', 'last'])
  })

  it('do not gather for ever when no end comes', async () => {
    const stream = new PassThrough()
    const lines: string[] = []
    forEachLine(stream, (line) => lines.push(line))
    stream.end('x'.repeat(100_000))
    await new Promise((resolve) => stream.on('end', resolve))
    expect(lines.join('')).toHaveLength(100_000)
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(16_384)
  })
})

describe('the log file', () => {
  it('keeps errors and amounts readable, for the owner only', () => {
    openLogFile(folder).error('failed', { error: new Error('why'), amount: 10n })
    const file = join(folder, 'app.log')
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ level: 'error', message: 'failed', amount: '10' })
    expect(readFileSync(file, 'utf8')).toContain('Error: why')
    expect(statSync(file).mode & 0o077).toBe(0)
  })

  it('starts anew when it is large, and keeps the older one', () => {
    writeFileSync(join(folder, 'app.log'), 'x'.repeat(6 * 1024 ** 2))
    openLogFile(folder).info('small')
    expect(statSync(join(folder, 'app.log')).size).toBeLessThan(1_000)
    expect(statSync(join(folder, 'app.log.1')).size).toBe(6 * 1024 ** 2)
  })
})

describe('the remembered look of the window', () => {
  it('comes back, and a damaged file counts as none', () => {
    const path = join(folder, 'new', 'look.json')
    const file = openRememberedFile(path, silentLog)
    expect(file.read()).toEqual({ bounds: null, theme: 'system' })
    const bounds = { x: -5, y: 3, width: 900, height: 700, maximized: false }
    file.update({ bounds })
    file.update({ theme: 'dark' })
    expect(openRememberedFile(path, silentLog).read()).toEqual({ bounds, theme: 'dark' })
    writeFileSync(path, '{"bounds":{"x":"1"}}')
    expect(openRememberedFile(path, silentLog).read()).toEqual({ bounds: null, theme: 'system' })
  })
})
