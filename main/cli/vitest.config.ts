import { resolve } from 'node:path'
import { defineConfig } from 'vitest/config'

/** Unit tests lie beside their source as x.test.ts; x.integration.test.ts may start a chain, sockets or child processes. */
export default defineConfig({
  root: resolve(import.meta.dirname, '../..'),
  cacheDir: resolve(import.meta.dirname, '../../node_modules/.cache/vitest'),
  test: {
    include: ['{main,roles,contracts,resources,renderer,e2e}/**/*.test.{ts,tsx}'],
    exclude: ['**/node_modules/**', 'out/**'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 30_000,
    teardownTimeout: 10_000,
    allowOnly: false,
  },
})
