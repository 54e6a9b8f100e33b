import { resolve } from 'node:path'
import { defineConfig } from 'vite'
import { browserTarget } from './bundle-settings.ts'

const top = resolve(import.meta.dirname, '../..')

/**
 * The render engine: a page of its own with one script, beside the app's window and not part of it, since it runs in a window
 * that can reach nothing. Its tree builder is inside the script, so the page needs no second file.
 */
export default defineConfig({
  root: resolve(top, 'roles/render/engine'),
  // The page is opened from a folder or an archive, never from the root of a server.
  base: './',
  logLevel: 'warn',
  worker: { format: 'es' },
  build: {
    target: browserTarget,
    outDir: resolve(top, 'out/render-engine'),
    emptyOutDir: true,
    modulePreload: false,
    chunkSizeWarningLimit: 2000,
    rollupOptions: {
      output: { entryFileNames: '[name].js', chunkFileNames: '[name].js', assetFileNames: '[name][extname]' },
    },
  },
})
