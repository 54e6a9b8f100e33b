import { resolve } from 'node:path'
import { defineConfig } from '@playwright/test'

/**
 * The real app in the real Electron. One worker, because each app brings its own practice network; no second try, because a
 * test that passes only sometimes is a fault to find.
 */
export default defineConfig({
  testDir: resolve(import.meta.dirname, 'specs'),
  testMatch: '**/*.spec.ts',
  outputDir: resolve(import.meta.dirname, 'out/results'),
  workers: 1,
  fullyParallel: false,
  retries: 0,
  forbidOnly: true,
  timeout: 180_000,
  globalTimeout: 32 * 60_000,
  expect: { timeout: 15_000 },
  reporter: [['list']],
  use: { trace: 'retain-on-failure', actionTimeout: 15_000 },
})
