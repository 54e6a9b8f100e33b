import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import react from '@vitejs/plugin-react'
import tailwind from '@tailwindcss/vite'
import { defineConfig } from 'electron-vite'

const top = resolve(import.meta.dirname, '../..')

/** Both Electrons and a system Node 20 run the same build (the oldest of them is Electron 33: Node 20.18, Chromium 130). */
const nodeTarget = 'node20.18'
const browserTarget = 'chrome130'

/** Entry files of the main process, its workers and the command line; each becomes out/main/NAME.js. */
const mainEntries = {
  index: 'main/index.ts',
  worker: 'roles/host/worker.ts',
  cli: 'main/cli/hearth.ts',
  'practice-chain': 'main/practice/entries/chain.ts',
  neighbour: 'main/practice/entries/neighbour.ts',
  'practice-customer': 'main/practice/entries/customer.ts',
  'pipeline-worker': 'roles/storage/customer/pipeline-worker.ts',
}

/** Left outside the bundle: Electron itself, packages with native code, and packages that find files beside themselves. */
const external = [
  /^electron(\/.*)?$/,
  '@photostructure/sqlite',
  '@chainsafe/hashtree',
  'systeminformation',
  /^@foundry-rs\//,
]

/** Bundled CommonJS packages call `require` for Node's own modules; an ES module has none of its own. */
const requireBanner =
  "import { createRequire as createRequireOfBundle } from 'node:module'; const require = createRequireOfBundle(import.meta.url);"

function present(entries: Readonly<Record<string, string>>): Record<string, string> {
  const found = Object.entries(entries).map(([name, file]) => [name, resolve(top, file)] as const)
  return Object.fromEntries(found.filter(([, file]) => existsSync(file)))
}

export default defineConfig({
  main: {
    build: {
      target: nodeTarget,
      outDir: resolve(top, 'out/main'),
      externalizeDeps: false,
      minify: false,
      // A running app loads its chunks late: a build beside it must not take them away. Their names carry a hash.
      emptyOutDir: false,
      rollupOptions: {
        input: present(mainEntries),
        external,
        output: {
          format: 'es',
          entryFileNames: '[name].js',
          chunkFileNames: 'chunks/[name]-[hash].js',
          banner: requireBanner,
        },
      },
    },
  },
  preload: {
    build: {
      target: nodeTarget,
      outDir: resolve(top, 'out/preload'),
      externalizeDeps: false,
      rollupOptions: {
        input: present({ index: 'main/preload/index.ts' }),
        external: ['electron'],
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: resolve(top, 'renderer'),
    plugins: [react(), tailwind()],
    build: {
      target: browserTarget,
      outDir: resolve(top, 'out/renderer'),
      emptyOutDir: true,
      assetsInlineLimit: 0,
      rollupOptions: { input: present({ index: 'renderer/index.html' }) },
    },
  },
})
