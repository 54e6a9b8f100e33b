import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { cacheFolder } from './cache-folder.ts'
import { type ElectronRuntime, executableIn, type Progress } from './runtime.ts'

/** Long enough for a slow home connection to answer, short enough not to be felt as a hang where GitHub is unreachable. */
const probeTimeoutMs = 5_000
const downloadTimeoutMs = 15 * 60_000
/** How long a failed download is remembered, so that a machine without GitHub does not pay for the probe at each start. */
const rememberFailureMs = 24 * 3_600_000

type Failure = { readonly version: string; readonly failedAtMs: number; readonly reason: string }

function memoryFile(): string {
  return join(cacheFolder(), 'electron-download-failed.json')
}

async function rememberedFailure(version: string): Promise<Failure | null> {
  try {
    const failure = JSON.parse(await readFile(memoryFile(), 'utf8')) as Failure
    const ageMs = Date.now() - failure.failedAtMs
    return failure.version === version && ageMs >= 0 && ageMs < rememberFailureMs ? failure : null
  } catch {
    return null
  }
}

async function remember(version: string, reason: string): Promise<void> {
  await mkdir(cacheFolder(), { recursive: true })
  await writeFile(memoryFile(), JSON.stringify({ version, failedAtMs: Date.now(), reason } satisfies Failure))
}

/** Whether the official download can be reached at all: one small request, bounded. Returns the reason when it cannot. */
async function unreachableBecause(version: string): Promise<string | null> {
  const mirror = process.env['ELECTRON_MIRROR'] ?? 'https://github.com/electron/electron/releases/download/'
  try {
    const address = `${mirror.replace(/\/?$/, '/')}v${version}/SHASUMS256.txt`
    const answer = await fetch(address, { method: 'HEAD', signal: AbortSignal.timeout(probeTimeoutMs) })
    return answer.ok ? null : `${address} answered ${answer.status}`
  } catch (error) {
    return error instanceof Error ? String((error.cause as Error | undefined)?.message ?? error.message) : String(error)
  }
}

/** Runs the package's own download, which checks the archive against the checksums inside the package. */
function download(packageFolder: string): Promise<string | null> {
  return new Promise((done) => {
    const child = spawn(process.execPath, [join(packageFolder, 'install.js')], { stdio: ['ignore', 'ignore', 'pipe'] })
    let complaint = ''
    const timer = setTimeout(() => child.kill('SIGKILL'), downloadTimeoutMs)
    child.stderr.on('data', (data: Buffer) => (complaint += data.toString()))
    child.on('error', (error) => (complaint += error.message))
    child.on('close', (code) => {
      clearTimeout(timer)
      done(code === 0 ? null : (complaint.trim().split('\n')[0] ?? `the download ended with ${code}`))
    })
  })
}

async function downloaded(packageFolder: string, version: string): Promise<ElectronRuntime | null> {
  const folder = join(packageFolder, 'dist')
  const path = executableIn(folder)
  if (!existsSync(path)) return null
  const unpacked = (await readFile(join(folder, 'version'), 'utf8').catch(() => '')).trim().replace(/^v/, '')
  return unpacked === version ? { path, version, source: 'the official download' } : null
}

/**
 * The Electron that package.json pins, downloaded from its makers when that is possible; `null` where it is not.
 * A failure is remembered for a day.
 */
export async function findOfficial(nodeModules: string, onProgress: Progress): Promise<ElectronRuntime | null> {
  const packageFolder = join(nodeModules, 'electron')
  const { version } = JSON.parse(await readFile(join(packageFolder, 'package.json'), 'utf8')) as { version: string }
  const present = await downloaded(packageFolder, version)
  if (present !== null) return present
  if ((await rememberedFailure(version)) !== null) return null
  let reason = await unreachableBecause(version)
  if (reason === null) {
    onProgress(`Downloading Electron ${version} (about 110 MB) ...`)
    reason = await download(packageFolder)
  }
  if (reason === null) {
    await rm(memoryFile(), { force: true })
    return await downloaded(packageFolder, version)
  }
  onProgress(`Electron ${version} cannot be downloaded here (${reason}).`)
  await remember(version, reason)
  return null
}
