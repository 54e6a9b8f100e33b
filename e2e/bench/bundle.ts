import { existsSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { build } from 'vite'
import { external, nodeTarget, requireBanner } from '../../main/cli/bundle-settings.ts'

const top = resolve(import.meta.dirname, '../..')

/** Threads that benched code starts find their file beside the bundle, as in the app. */
const threads = { 'pipeline-worker': join(top, 'roles/storage/customer/pipeline-worker.ts') }

/**
 * Bundles a bench the way the app is bundled (Electron's Node cannot strip types, and some packages load only bundled) and
 * returns the path of the result.
 */
export async function bundleBench(entry: string): Promise<string> {
  const name = basename(entry, '.ts')
  const outDir = join(top, 'out/bench', name)
  const present = Object.fromEntries(Object.entries(threads).filter(([, file]) => existsSync(file)))
  await build({
    configFile: false,
    root: top,
    logLevel: 'error',
    ssr: { noExternal: true },
    build: {
      ssr: true,
      target: nodeTarget,
      outDir,
      emptyOutDir: true,
      minify: false,
      rollupOptions: {
        input: { [name]: entry, ...present },
        external,
        output: {
          format: 'es',
          entryFileNames: '[name].js',
          chunkFileNames: 'chunks/[name]-[hash].js',
          banner: requireBanner,
        },
      },
    },
  })
  return join(outDir, `${name}.js`)
}
