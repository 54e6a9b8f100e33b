import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { appPathSegments, resolveAppFile } from './app-path.ts'
import { appResponse } from './app-response.ts'
import { contentSecurityPolicy } from './security-headers.ts'

let folder: string
let root: string

beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'hearth-app-path-')))
  root = join(folder, 'renderer')
  await mkdir(join(root, 'assets'), { recursive: true })
  await mkdir(join(folder, 'renderer-private'))
  await writeFile(join(root, 'index.html'), '<!doctype html>')
  await writeFile(join(root, 'assets', 'main-Ab_1.js'), 'export {}')
  await writeFile(join(root, 'assets', 'data.bin'), 'x')
  await writeFile(join(root, '.hidden.js'), 'secret')
  await writeFile(join(folder, 'secret.js'), 'secret')
  await writeFile(join(folder, 'renderer-private', 'secret.js'), 'secret')
  await symlink(join(folder, 'secret.js'), join(root, 'assets', 'link.js'))
  await symlink(folder, join(root, 'assets', 'up'))
})

afterAll(() => rm(folder, { recursive: true, force: true }))

const hostile = [
  'app://hearth/../secret.js',
  'app://hearth/assets/../../secret.js',
  'app://hearth/assets/..%2f..%2fsecret.js',
  'app://hearth/%2e%2e/secret.js',
  'app://hearth/%2E%2E%2Fsecret.js',
  'app://hearth/.%2e/secret.js',
  'app://hearth/%252e%252e/secret.js',
  'app://hearth/..%5csecret.js',
  'app://hearth/..\\secret.js',
  'app://hearth/assets\\..\\..\\secret.js',
  'app://hearth/%5c%5chost%5cshare%5csecret.js',
  'app://hearth//host/share/secret.js',
  'app://hearth///etc/passwd',
  'app://hearth//etc/passwd',
  'app://hearth/etc/passwd',
  'app://hearth/C:/Windows/win.ini',
  'app://hearth/c|/secret.js',
  'app://hearth/index.html%00.js',
  'app://hearth/index.html\0',
  'app://hearth/index.html%0a',
  'app://hearth/.hidden.js',
  'app://hearth/./index.html/.',
  'app://hearth/assets/link.js',
  'app://hearth/assets/up/secret.js',
  'app://hearth/assets/up/renderer-private/secret.js',
  'app://hearth/../renderer-private/secret.js',
  'app://hearth/assets',
  'app://hearth/assets/',
  'app://hearth/assets/data.bin',
  'app://hearth/con.js',
  'app://hearth/NUL',
  'app://hearth/assets/com1.js',
  'app://hearth/index.html.',
  'app://hearth/index.html::$DATA',
  'app://hearth/index.html%20',
  'app://hearth/%c0%ae%c0%ae/secret.js',
  'app://hearth/\u2025/secret.js',
  'app://hearth/%u002e%u002e/secret.js',
  'app://evil/index.html',
  'app://hearth.evil/index.html',
  'app://hearth@evil/index.html',
  'app://user@hearth/index.html',
  'app://user:word@hearth/index.html',
  'app://hearth:80/index.html',
  'app://HEARTH/index.html',
  'app:hearth/index.html',
  'app:///index.html',
  'file:///etc/passwd',
  'https://hearth/index.html',
  'app2://hearth/index.html',
  `app://hearth/${'a/'.repeat(1000)}index.html`,
  'not a url',
  '',
]

describe('what the app scheme serves', () => {
  it('serves the bundled files, with or without a query', async () => {
    expect(await resolveAppFile(root, 'app://hearth/')).toBe(join(root, 'index.html'))
    expect(await resolveAppFile(root, 'app://hearth/index.html#/storage')).toBe(join(root, 'index.html'))
    expect(await resolveAppFile(root, 'app://hearth/assets/main-Ab_1.js?v=1')).toBe(
      join(root, 'assets', 'main-Ab_1.js'),
    )
  })

  it(`has a list of at least thirty hostile paths`, () => expect(new Set(hostile).size).toBeGreaterThanOrEqual(30))

  it.each(hostile.map((url) => [url.slice(0, 60), url]))('does not serve %j', async (_name, url) => {
    const response = await appResponse(root, { method: 'GET', url })
    expect(response.status).toBe(404)
    expect(await response.text()).toBe('')
  })

  it('never leaves the folder, whatever the path', async () => {
    const part = fc.constantFrom(
      '..',
      '.',
      '%2e%2e',
      '%5c',
      '\\',
      '/',
      '//',
      'assets',
      'up',
      'link.js',
      'secret.js',
      '\0',
      ':',
      'a',
    )
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 8 }), async (parts) => {
        const file = await resolveAppFile(root, `app://hearth/${parts.join('/')}`)
        if (file !== null) expect(file.startsWith(join(root, '/'))).toBe(true)
      }),
      { numRuns: 500 },
    )
    fc.assert(
      fc.property(fc.string({ maxLength: 60, unit: 'binary' }), (path) => {
        const segments = appPathSegments(`app://hearth/${path}`) ?? []
        expect(segments.every((segment) => segment !== '..' && !/[\\/:\0]/.test(segment))).toBe(true)
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('what comes with every response', () => {
  it.each([
    ['GET', 'app://hearth/index.html', 200],
    ['HEAD', 'app://hearth/index.html', 200],
    ['GET', 'app://hearth/nothing.js', 404],
    ['POST', 'app://hearth/index.html', 405],
  ])('%s %s: %i with the policy', async (method, url, status) => {
    const response = await appResponse(root, { method, url })
    expect(response.status).toBe(status)
    expect(response.headers.get('Content-Security-Policy')).toBe(contentSecurityPolicy)
    expect(response.headers.get('X-Content-Type-Options')).toBe('nosniff')
    expect(response.headers.get('Cross-Origin-Opener-Policy')).toBe('same-origin')
  })

  it('allows no inline code, no evaluation and no place but ours', () => {
    expect(contentSecurityPolicy).toContain("default-src 'none'")
    expect(contentSecurityPolicy).not.toMatch(/unsafe|\*|https?:|data:|blob:/)
  })
})
