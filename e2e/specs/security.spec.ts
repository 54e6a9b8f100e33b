import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join, resolve } from 'node:path'
import {
  canary,
  endIfRunning,
  expect,
  launchApp,
  makeHome,
  removeHome,
  test,
  type LaunchedApp,
} from '../fixtures/app.ts'
import { hostileUrls } from '../fixtures/hostile-urls.ts'
import { Shell } from '../pages/shell.ts'

/*
 * Electron's security checklist by its own numbers, against the real window: one launch, and what a hijacked page could
 * do is done from inside the real page.
 */
const checkout = resolve(import.meta.dirname, '../..')
const ourUrl = 'app://hearth/index.html'

let app: LaunchedApp
let home: string

test.beforeAll(async () => {
  home = makeHome()
  app = await launchApp(home)
})

test.afterAll(async () => {
  await endIfRunning(app)
  removeHome(home)
})

/** What the window was made with, as Electron itself reports it. */
function preferences() {
  return app.electron.evaluate(({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents as unknown as {
      getLastWebPreferences(): Record<string, unknown>
    }
    return contents.getLastWebPreferences()
  })
}

/** Every way in which a page can send itself elsewhere. */
function goTo(url: string): void {
  try {
    location.href = url
  } catch {
    // Some are not even addresses.
  }
  const link = document.createElement('a')
  link.href = url
  link.target = '_top'
  document.body.append(link)
  link.click()
  link.remove()
}

/** Names that a page would find if some of Node or Electron had leaked into it. */
function leaks() {
  return app.window.evaluate(() => {
    const names = [
      'require',
      'module',
      'process',
      'global',
      'Buffer',
      'electron',
      'ipcRenderer',
      '__dirname',
      'setImmediate',
    ]
    return names.filter((name) => name in globalThis)
  })
}

function countWindows() {
  return app.electron.evaluate(({ BrowserWindow, webContents }) => [
    BrowserWindow.getAllWindows().length,
    webContents.getAllWebContents().filter((contents) => contents.getType() !== 'remote').length,
  ])
}

/** Makes openExternal only count, so that a test never opens a browser. */
function countExternal() {
  return app.electron.evaluate(({ shell }) => {
    const counter = globalThis as { opened?: string[] }
    counter.opened ??= []
    shell.openExternal = async (url) => void counter.opened?.push(url)
  })
}

function opened() {
  return app.electron.evaluate(() => (globalThis as { opened?: string[] }).opened ?? [])
}

test('children know nothing of the environment that the app was started from', async () => {
  test.skip(process.platform !== 'linux', 'Only Linux shows the environment of a process.')
  await expect(new Shell(app.window).network()).toHaveAttribute('data-state', 'ready', { timeout: 90_000 })
  const environmentOf = (pid: number) => readFileSync(`/proc/${pid}/environ`, 'utf8')
  expect(environmentOf(app.pid)).toContain(canary.value)
  const children = app.processes().filter(({ command }) => /node\.mojom\.NodeService|anvil/.test(command))
  expect(children.length).toBeGreaterThan(17)
  expect(children.filter(({ pid }) => environmentOf(pid).includes(canary.value))).toEqual([])
})

test('1. only secure content: our own scheme, and no request leaves the machine', async () => {
  expect(app.window.url().split('#')[0]).toBe(ourUrl)
  expect(await app.window.evaluate(() => window.isSecureContext)).toBe(true)
  // A real server on this machine, and no policy in the way: the session itself refuses.
  let asked = 0
  const server = createServer((_request, response) => (asked++, response.end('reached'))).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const outcome = await app.electron.evaluate(
    async ({ BrowserWindow }, port) => {
      const ours = BrowserWindow.getAllWindows()[0]?.webContents.session
      return ours?.fetch(`http://127.0.0.1:${port}/`).then(
        (answer) => answer.status,
        () => 'refused',
      )
    },
    (server.address() as AddressInfo).port,
  )
  server.close()
  expect(outcome).toBe('refused')
  expect(asked).toBe(0)
})

test('2. no Node in the page', async () => {
  const made = await preferences()
  expect(made).toMatchObject({ nodeIntegration: false, nodeIntegrationInSubFrames: false })
  expect(made['nodeIntegrationInWorker'] ?? false).toBe(false)
  expect(await leaks()).toEqual([])
})

test('3. the page is isolated from the preload script', async () => {
  expect(await preferences()).toMatchObject({ contextIsolation: true })
  const changed = await app.window.evaluate(() => {
    const bridge = (window as unknown as { hearth: Record<string, unknown> }).hearth
    try {
      bridge['request'] = () => 'taken'
    } catch {
      return false
    }
    return bridge['request']?.toString().includes('taken')
  })
  expect(changed).toBe(false)
})

test('4. every renderer is sandboxed', async () => {
  expect(await preferences()).toMatchObject({ sandbox: true })
  const sandboxed = await app.window.evaluate(
    () => typeof (globalThis as { process?: unknown }).process === 'undefined',
  )
  expect(sandboxed).toBe(true)
})

test('5. no permission is given, by whatever name', async () => {
  const states = await app.window.evaluate(async () => {
    const names = [
      'accelerometer',
      'background-fetch',
      'background-sync',
      'camera',
      'clipboard-read',
      'clipboard-write',
      'display-capture',
      'geolocation',
      'gyroscope',
      'idle-detection',
      'local-fonts',
      'magnetometer',
      'microphone',
      'midi',
      'notifications',
      'payment-handler',
      'periodic-background-sync',
      'persistent-storage',
      'push',
      'screen-wake-lock',
      'speaker-selection',
      'storage-access',
      'top-level-storage-access',
      'window-management',
    ]
    const state = async (name: string) => {
      try {
        const descriptor = { name, userVisibleOnly: true } as unknown as PermissionDescriptor
        return `${name}: ${(await navigator.permissions.query(descriptor)).state}`
      } catch {
        return `${name}: unknown`
      }
    }
    return Promise.all(names.map(state))
  })
  expect(states.filter((state) => state.endsWith('granted'))).toEqual([])
  expect(states.filter((state) => state.endsWith('denied')).length).toBeGreaterThan(10)
  const asked = await app.window.evaluate(async () => {
    const failed = (work: Promise<unknown>) =>
      work.then(
        () => 'given',
        () => 'refused',
      )
    const devices = navigator as unknown as Record<
      'hid' | 'usb' | 'serial',
      { requestDevice?(o: object): Promise<unknown>; requestPort?(): Promise<unknown> }
    >
    return {
      camera: await failed(navigator.mediaDevices.getUserMedia({ video: true })),
      microphone: await failed(navigator.mediaDevices.getUserMedia({ audio: true })),
      screen: await failed(navigator.mediaDevices.getDisplayMedia({ video: true })),
      clipboard: await failed(navigator.clipboard.readText()),
      place: await failed(new Promise((done, fail) => navigator.geolocation.getCurrentPosition(done, fail))),
      notifications: await Notification.requestPermission(),
      usb: await failed(devices.usb?.requestDevice?.({ filters: [] }) ?? Promise.reject()),
      serial: await failed(devices.serial?.requestPort?.() ?? Promise.reject()),
      hid:
        ((await devices.hid?.requestDevice?.({ filters: [] }).catch(() => [])) as unknown[] | undefined)?.length ?? 0,
    }
  })
  expect(asked).toEqual({
    camera: 'refused',
    microphone: 'refused',
    screen: 'refused',
    clipboard: 'refused',
    place: 'refused',
    notifications: 'denied',
    usb: 'refused',
    serial: 'refused',
    hid: 0,
  })
})

test('6. web security is on', async () => {
  expect(await preferences()).toMatchObject({ webSecurity: true })
})

test('7. the policy is strict, sent with every response, and holds', async () => {
  const policies = await app.electron.evaluate(async ({ BrowserWindow }) => {
    const ours = BrowserWindow.getAllWindows()[0]?.webContents.session
    const urls = ['app://hearth/index.html', 'app://hearth/nothing.js']
    return Promise.all(urls.map(async (url) => (await ours?.fetch(url))?.headers.get('content-security-policy')))
  })
  for (const policy of policies) {
    expect(policy).toContain("default-src 'none'")
    expect(policy).not.toMatch(/unsafe|\*|https?:/)
  }
  const held = await app.window.evaluate(async () => {
    const violated: string[] = []
    document.addEventListener('securitypolicyviolation', (event) => violated.push(event.effectiveDirective))
    const script = document.createElement('script')
    try {
      script.textContent = 'window.taken = 1'
      document.body.append(script)
    } catch {
      violated.push('trusted types')
    }
    const style = document.createElement('style')
    style.textContent = 'body { opacity: 0.5 }'
    document.head.append(style)
    const image = document.createElement('img')
    image.src = 'https://example.com/x.png'
    document.body.append(image)
    const frame = document.createElement('iframe')
    frame.src = 'https://example.com/'
    document.body.append(frame)
    await fetch('https://example.com/').catch(() => undefined)
    await new Promise((done) => setTimeout(done, 300))
    for (const element of [script, style, image, frame]) element.remove()
    let evaluated: unknown = 'refused'
    try {
      evaluated = new Function('return 1')()
    } catch {
      // The policy forbids it, as it should.
    }
    return { violated, evaluated, taken: 'taken' in window }
  })
  expect(held).toMatchObject({ evaluated: 'refused', taken: false })
  const directives = ['style-src-elem', 'img-src', 'frame-src', 'connect-src']
  expect(held.violated).toEqual(expect.arrayContaining(directives))
})

test('8. no insecure content is allowed', async () => {
  expect(await preferences()).toMatchObject({ allowRunningInsecureContent: false })
})

test('9. no experimental features', async () => {
  expect(await preferences()).toMatchObject({ experimentalFeatures: false })
})

test('10. no Blink features are switched on', async () => {
  const made = await preferences()
  expect(made['enableBlinkFeatures'] ?? '').toBe('')
})

test('11. and 12. web views do not exist', async () => {
  expect(await preferences()).toMatchObject({ webviewTag: false })
  const before = await countWindows()
  const able = await app.window.evaluate(() => {
    const view = document.createElement('webview')
    view.setAttribute('allowpopups', '')
    view.setAttribute('src', 'https://example.com/')
    document.body.append(view)
    const able = ['getWebContentsId', 'loadURL', 'openDevTools'].some((name) => name in view)
    view.remove()
    return able
  })
  expect(able).toBe(false)
  expect(await countWindows()).toEqual(before)
})

test('13. no frame can be taken anywhere else', async () => {
  test.setTimeout(60_000)
  await countExternal()
  const address = app.window.url()
  for (const url of hostileUrls) {
    // An address that Chromium itself refuses ends the page in the middle of the call.
    await app.window.evaluate(goTo, url).catch(() => undefined)
  }
  await app.window.waitForTimeout(500)
  await app.window.waitForFunction(() => document.title.includes('Hearth') && 'hearth' in window)
  expect(app.window.url()).toBe(address)
  expect(await opened()).toEqual([])
})

test('14. no window can be opened, from any address', async () => {
  test.setTimeout(60_000)
  expect(hostileUrls.length).toBeGreaterThanOrEqual(40)
  const before = await countWindows()
  await countExternal()
  const handles = await app.window.evaluate((urls) => {
    const open = (url: string, target: string) => {
      try {
        return window.open(url, target, 'noopener=0,nodeIntegration=1')
      } catch {
        return null
      }
    }
    return urls.flatMap((url) => [open(url, '_blank'), open(url, 'named')]).filter((handle) => handle !== null).length
  }, hostileUrls)
  expect(handles).toBe(0)
  expect(await countWindows()).toEqual(before)
  expect(await opened()).toEqual([])
})

test('15. the browser opens for named links only', async () => {
  await countExternal()
  const ask = (argument: unknown) =>
    app.window.evaluate(async (value) => {
      const bridge = (window as unknown as { hearth: { request(c: string, a: unknown): Promise<{ ok: boolean }> } })
        .hearth
      return (await bridge.request('links:open', value)).ok
    }, argument)
  for (const url of hostileUrls) expect(await ask({ name: url })).toBe(false)
  expect(await opened()).toEqual([])
  expect(await ask({ name: 'project' })).toBe(true)
  expect(await opened()).toHaveLength(1)
  expect((await opened())[0]).toMatch(/^https:\/\/hearth\.example\//)
})

test('16. the pinned Electron is named exactly, and what runs is that or the tested exception', async () => {
  const manifest = JSON.parse(readFileSync(join(checkout, 'package.json'), 'utf8')) as {
    devDependencies: { electron: string }
  }
  expect(manifest.devDependencies.electron).toMatch(/^\d+\.\d+\.\d+$/)
  const running = await app.electron.evaluate(() => process.versions['electron'])
  expect([manifest.devDependencies.electron, '33.2.1']).toContain(running)
})

test('17. requests are taken from our page alone, and only those of the table', async () => {
  const answers = await app.window.evaluate(async () => {
    type Bridge = { request(channel: unknown, argument?: unknown): Promise<{ ok: boolean; error?: { code: string } }> }
    const { request } = (window as unknown as { hearth: Bridge }).hearth
    const channels = ['__proto__', 'constructor', 'hearth:request', 'snapshot:get\0', '', null, 7, {}]
    const unknown = await Promise.all(channels.map((channel) => request(channel).catch(() => ({ ok: false }))))
    const malformed = await request('roles:switchOn', { role: 'storage', consented: false })
    return { unknown: unknown.filter((answer) => answer.ok).length, malformed }
  })
  expect(answers.unknown).toBe(0)
  expect(answers.malformed).toMatchObject({ ok: false, error: { code: 'BAD_REQUEST' } })
  expect(JSON.stringify(answers)).not.toMatch(/at .*\.js:\d+/)
})

test('18. pages come from our scheme, never from file:', async () => {
  expect(await app.window.evaluate(() => location.origin)).toBe('app://hearth')
  const scripts = await app.window.evaluate(() => performance.getEntriesByType('resource').map((entry) => entry.name))
  expect(scripts.filter((url) => !url.startsWith('app://hearth/'))).toEqual([])
})

test('19. every fuse is set on purpose for the packaged app', () => {
  const file = join(checkout, 'electron-builder.yml')
  expect(existsSync(file)).toBe(true)
  const config = readFileSync(file, 'utf8')
  const fuses = [
    'runAsNode: false',
    'enableCookieEncryption: true',
    'enableNodeOptionsEnvironmentVariable: false',
    'enableNodeCliInspectArguments: false',
    'enableEmbeddedAsarIntegrityValidation: true',
    'onlyLoadAppFromAsar: true',
    'loadBrowserProcessSpecificV8Snapshot: false',
    'grantFileProtocolExtraPrivileges: false',
  ]
  for (const fuse of fuses) expect(config).toContain(fuse)
})

test('20. the page gets two functions and nothing of Electron', async () => {
  const shape = await app.window.evaluate(() => {
    const bridge = (window as unknown as { hearth: Record<string, unknown> }).hearth
    return Object.entries(bridge).map(([name, value]) => `${name}: ${typeof value}`)
  })
  expect(shape.sort()).toEqual(['request: function', 'subscribe: function'])
  const event = await app.window.evaluate(
    () =>
      new Promise<unknown>((done) => {
        type Bridge = { subscribe(channel: string, listener: (...received: unknown[]) => void): () => void }
        const { subscribe } = (window as unknown as { hearth: Bridge }).hearth
        const undo = subscribe('snapshot:changed', (...received) => (undo(), done(received.length)))
        setTimeout(() => done('nothing came'), 15_000)
      }),
  )
  expect(event).toBe(1)
})
