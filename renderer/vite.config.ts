import { resolve } from 'node:path'
import react from '@vitejs/plugin-react'
import tailwind from '@tailwindcss/vite'
import { defineConfig } from 'vite'

/** For looking at the window with made-up data (README); the app itself is built by main/cli/electron.vite.config.ts. */
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  plugins: [react(), tailwind()],
  build: {
    target: 'chrome130',
    outDir: resolve(import.meta.dirname, '../out/renderer-dev'),
    emptyOutDir: true,
    assetsInlineLimit: 0,
    rollupOptions: { input: resolve(import.meta.dirname, 'dev.html') },
  },
})
