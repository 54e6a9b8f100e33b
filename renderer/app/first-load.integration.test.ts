import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import react from '@vitejs/plugin-react'
import tailwind from '@tailwindcss/vite'
import { build } from 'vite'
import { afterAll, beforeAll, expect, test } from 'vitest'

/** QUALITY P2: what must be loaded before the first screen shows. */
const firstLoadLimitBytes = 200 * 1024

type ManifestEntry = { readonly file: string; readonly imports?: readonly string[]; readonly css?: readonly string[] }

const built = { directory: '' }

beforeAll(async () => {
  built.directory = await mkdtemp(join(tmpdir(), 'hearth-renderer-'))
  const root = resolve(import.meta.dirname, '..')
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    plugins: [react(), tailwind()],
    build: {
      target: 'chrome130',
      outDir: built.directory,
      emptyOutDir: true,
      assetsInlineLimit: 0,
      manifest: 'manifest.json',
      rollupOptions: { input: resolve(root, 'index.html') },
    },
  })
})

afterAll(() => rm(built.directory, { recursive: true, force: true }))

async function readBuilt(file: string): Promise<string> {
  return readFile(join(built.directory, file), 'utf8')
}

/** Files of an entry and of all that it imports before it runs. */
function firstLoadFiles(
  manifest: Readonly<Record<string, ManifestEntry>>,
  key: string,
  seen = new Set<string>(),
): Set<string> {
  const entry = manifest[key]
  if (entry === undefined || seen.has(entry.file)) return seen
  seen.add(entry.file)
  entry.imports?.forEach((imported) => firstLoadFiles(manifest, imported, seen))
  return seen
}

test('the first screen needs at most 200 kB of compressed script', async () => {
  const manifest = JSON.parse(await readBuilt('manifest.json')) as Record<string, ManifestEntry>
  const files = [...firstLoadFiles(manifest, 'index.html')]
  const sizes = await Promise.all(files.map(async (file) => gzipSync(await readBuilt(file)).length))
  const total = sizes.reduce((sum, size) => sum + size, 0)
  expect(total).toBeGreaterThan(20 * 1024)
  expect(total).toBeLessThanOrEqual(firstLoadLimitBytes)
})

test('the page has no inline script or style, which its policy would refuse', async () => {
  const html = await readBuilt('index.html')
  expect(html).toMatch(/<script type="module"[^>]* src="[^"]+"><\/script>/)
  expect(html).not.toMatch(/<script(?![^>]* src=)/)
  expect(html).not.toMatch(/<style|style="/)
})

test('made-up data and schemas stay out of the window', async () => {
  const manifest = JSON.parse(await readBuilt('manifest.json')) as Record<string, ManifestEntry>
  const files = Object.values(manifest).map(({ file }) => file)
  const scripts = await Promise.all(files.filter((file) => file.endsWith('.js')).map(readBuilt))
  const all = scripts.join('\n')
  expect(all).toContain('Switch storage on?')
  expect(all).not.toContain('Samsung SSD 980')
  expect(all).not.toContain('ZodError')
})
