import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ensureInstalled } from './install.mjs'

let top = ''
let said: string[] = []
const say = (line: string) => said.push(line)

/** Puts a program in npm's place: how a real one behaves when it works, or cannot, without a registry. */
function npmThat(code: string): void {
  const path = join(top, 'npm-cli.js')
  writeFileSync(path, `const fs = require('fs');${code}`)
  vi.stubEnv('npm_execpath', path)
}

const succeeds = `fs.appendFileSync('calls', process.argv[2] + '\\n'); fs.mkdirSync('node_modules', { recursive: true })`

beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), 'hearth-install-'))
  said = []
  writeFileSync(
    join(top, 'package-lock.json'),
    JSON.stringify({ packages: { '': {}, 'node_modules/a': { version: '1.0.0' } } }),
  )
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(top, { recursive: true, force: true })
})

describe('ensureInstalled', () => {
  it('installs once, and again only when the lock file changes', async () => {
    npmThat(succeeds)
    await ensureInstalled(top, say)
    await ensureInstalled(top, say)
    expect(readFileSync(join(top, 'calls'), 'utf8')).toBe('ci\n')
    writeFileSync(
      join(top, 'package-lock.json'),
      JSON.stringify({ packages: { 'node_modules/a': { version: '2.0.0' } } }),
    )
    await ensureInstalled(top, say)
    expect(readFileSync(join(top, 'calls'), 'utf8')).toBe('ci\nci\n')
  })

  it('installs once when many launchers start together', async () => {
    npmThat(`setTimeout(() => { ${succeeds} }, 300)`)
    await Promise.all([1, 2, 3, 4].map(() => ensureInstalled(top, say)))
    expect(readFileSync(join(top, 'calls'), 'utf8')).toBe('ci\n')
  })

  it('keeps what npm has already installed, parts for other systems aside', async () => {
    npmThat(succeeds)
    const packages = {
      'node_modules/a': { version: '1.0.0' },
      'node_modules/other': { version: '1.0.0', optional: true },
    }
    writeFileSync(join(top, 'package-lock.json'), JSON.stringify({ packages }))
    mkdirSync(join(top, 'node_modules'))
    const present = { packages: { 'node_modules/a': packages['node_modules/a'] } }
    writeFileSync(join(top, 'node_modules/.package-lock.json'), JSON.stringify(present))
    await ensureInstalled(top, say)
    expect(existsSync(join(top, 'calls'))).toBe(false)
  })

  it.each([
    ['ENOTFOUND registry', 'cannot be reached'],
    ['ENOSPC: no space left', 'The disk is full'],
    ['EACCES: permission denied', 'cannot be written'],
  ])('says what to do after %s, and tries again next time', async (complaint, advice) => {
    npmThat(`process.stderr.write('npm error ${complaint}'); process.exit(1)`)
    await expect(ensureInstalled(top, say)).rejects.toThrow(advice)
    npmThat(succeeds)
    await ensureInstalled(top, say)
    expect(existsSync(join(top, 'calls'))).toBe(true)
  })
})
