import { readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, it } from 'vitest'

const top = resolve(import.meta.dirname, '../../..')

const files = ['main', 'renderer', 'roles', 'resources'].flatMap((folder) =>
  readdirSync(resolve(top, folder), { recursive: true, encoding: 'utf8' })
    .map((file) => `${folder}/${file.replaceAll('\\', '/')}`)
    .filter((file) => /\.(ts|tsx|mjs)$/.test(file) && !/\.test\.tsx?$/.test(file)),
)

/** Powers that one small file wraps; a second place would be a second door to watch. */
const onePlace: readonly (readonly [string, RegExp, readonly string[]])[] = [
  [
    'windows are made',
    /new (BrowserWindow|BaseWindow|WebContentsView|BrowserView)\b/,
    ['main/platform/electron/surface-window.ts', 'main/platform/electron/window.ts'],
  ],
  ['requests are taken', /\bipcMain\b/, ['main/platform/electron/ipc.ts']],
  [
    'events are sent',
    /webContents\.(send|postMessage)\b/,
    ['main/platform/electron/ipc.ts', 'main/platform/electron/surface-window.ts'],
  ],
  ['the preload speaks', /\bipcRenderer\b/, ['main/preload/index.ts', 'main/preload/render-surface.ts']],
  ['addresses are opened', /\bopenExternal\b/, ['main/platform/electron/links.ts']],
  ['utility processes start', /utilityProcess\.fork\b/, ['main/platform/electron/fork.ts']],
  ['secrets meet the system', /\bsafeStorage\./, ['main/platform/electron/secrets.ts']],
  [
    'web views or frames with Node',
    /webviewTag: true|nodeIntegration\w*: true|contextIsolation: false|sandbox: false/,
    [],
  ],
  ['markup is built from text', /dangerouslySetInnerHTML|\.innerHTML\b|insertAdjacentHTML/, []],
]

it.each(onePlace)('only where expected: %s', (_what, pattern, expected) => {
  const found = files.filter((file) => pattern.test(withoutComments(readFileSync(resolve(top, file), 'utf8'))))
  expect(found).toEqual(expected)
})

function withoutComments(code: string): string {
  return code.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/^\s*\/\/.*$/gm, '')
}
