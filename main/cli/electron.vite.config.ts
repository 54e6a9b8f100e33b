import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import react from '@vitejs/plugin-react'
import tailwind from '@tailwindcss/vite'
import { defineConfig } from 'electron-vite'
import { browserTarget, external, nodeTarget, requireBanner } from './bundle-settings.ts'

const top = resolve(import.meta.dirname, '../..')

/** Entry files of the main process, its workers and the command line; each becomes out/main/NAME.js. */
const mainEntries = {
  index: 'main/index.ts',
  worker: 'roles/host/worker.ts',
  cli: 'main/cli/hearth.ts',
  'practice-chain': 'main/practice/entries/chain.ts',
  neighbour: 'main/practice/entries/neighbour.ts',
  'practice-customer': 'main/practice/entries/customer.ts',
  'surface-host': 'main/platform/electron/surface-host.ts',
  'pipeline-worker': 'roles/storage/customer/pipeline-worker.ts',
}

function present(entries: Readonly<Record<string, string>>): Record<string, string> {
  const found = Object.entries(entries).map(([name, file]) => [name, resolve(top, file)] as const)
  return Object.fromEntries(found.filter(([, file]) => existsSync(file)))
}

export default defineConfig({
  main: {
    // Its build for Node declares a `require` of its own, which stands in the way of the bundle's; we use it in one thread only.
    resolve: { alias: { fflate: resolve(top, 'node_modules/fflate/esm/browser.js') } },
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
        input: present({ index: 'main/preload/index.ts', 'render-surface': 'main/preload/render-surface.ts' }),
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
      minify: true,
      rollupOptions: { input: present({ index: 'renderer/index.html' }) },
    },
  },
})
