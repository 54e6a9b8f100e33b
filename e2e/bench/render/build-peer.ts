import { join, resolve } from 'node:path'
import { build } from 'vite'
import { browserTarget } from '../../../main/cli/bundle-settings.ts'

const top = resolve(import.meta.dirname, '../../..')

/** Builds the page with the peer's path tracer and returns its folder. */
export async function buildPeer(): Promise<string> {
  const outDir = join(top, 'out/bench/render-peer')
  await build({
    configFile: false,
    root: join(import.meta.dirname, 'peer'),
    base: './',
    logLevel: 'error',
    build: {
      target: browserTarget,
      outDir,
      emptyOutDir: true,
      modulePreload: false,
      minify: false,
      chunkSizeWarningLimit: 4000,
      rollupOptions: { output: { entryFileNames: '[name].js', assetFileNames: '[name][extname]' } },
    },
  })
  return outDir
}
