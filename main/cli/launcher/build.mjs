import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { withLock } from './lock.mjs'

/** What the build is made from; tests and Solidity sources are not part of it. */
const sourceFolders = ['main', 'renderer', 'roles', 'contracts', 'resources']
const sourceFiles = ['package.json', 'package-lock.json']
const skippedFolders = new Set(['node_modules', 'out', 'test', 'src', 'lint', 'launcher'])
const sourceName = /\.(ts|tsx|js|mjs|cjs|json|css|html|svg|png|wasm|woff2)$/
const testName = /\.test\.tsx?$/
const buildTimeoutMs = 5 * 60_000
/** Chunks of earlier builds stay this long for an app that still runs on them. */
const oldChunkMs = 24 * 3_600_000

/**
 * @param {string} folder
 * @param {string[]} lines
 */
function describe(folder, lines) {
  for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) {
      if (!skippedFolders.has(entry.name)) describe(path, lines)
    } else if (sourceName.test(entry.name) && !testName.test(entry.name)) {
      const { size, mtimeMs } = statSync(path)
      lines.push(`${path} ${size} ${mtimeMs}`)
    }
  }
}

/** Names, sizes and times of all sources: a change of any of them makes the build stale. @param {string} top */
function fingerprint(top) {
  /** @type {string[]} */
  const lines = []
  for (const folder of sourceFolders) describe(join(top, folder), lines)
  for (const file of sourceFiles) lines.push(`${file} ${statSync(join(top, file)).mtimeMs}`)
  return createHash('sha256').update(lines.join('\n')).digest('hex')
}

/** @param {string} top */
const stampPath = (top) => join(top, 'out', 'build.json')

/** @param {string} top @param {string} wanted */
function isBuilt(top, wanted) {
  try {
    return JSON.parse(readFileSync(stampPath(top), 'utf8')).fingerprint === wanted
  } catch {
    return false
  }
}

/** What is built, each by its own tool and config: the app with its workers, and the render engine's page. */
const builds = [
  ['node_modules/electron-vite/bin/electron-vite.js', 'main/cli/electron.vite.config.ts'],
  ['node_modules/vite/bin/vite.js', 'main/cli/render-engine.vite.config.ts'],
]

/**
 * @param {{ top: string, node: string, env: NodeJS.ProcessEnv }} options
 * @param {string[]} build
 * @returns {Promise<void>}
 */
function runBuild({ top, node, env }, [tool = '', config = '']) {
  const args = [join(top, tool), 'build', '--logLevel=warn', '-c', join(top, config)]
  return new Promise((done, fail) => {
    // electron-vite would look for an Electron to learn its version; the config names the targets itself.
    const child = spawn(node, args, {
      cwd: top,
      env: { ...env, ELECTRON_MAJOR_VER: '33' },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: buildTimeoutMs,
    })
    let output = ''
    child.stdout.on('data', (data) => (output += data))
    child.stderr.on('data', (data) => (output += data))
    child.once('error', fail)
    child.once('close', (code) =>
      code === 0 ? done() : fail(new Error(`The build failed.\n${stripVTControlCharacters(output).trim()}`)),
    )
  })
}

/** @param {string} top */
function removeOldChunks(top) {
  const folder = join(top, 'out/main/chunks')
  try {
    for (const name of readdirSync(folder)) {
      const path = join(folder, name)
      if (Date.now() - statSync(path).mtimeMs > oldChunkMs) rmSync(path)
    }
  } catch {
    // There are none.
  }
}

/**
 * Builds the app, its workers and the command when a source has changed since the last build.
 *
 * @param {{ top: string, node: string, env: NodeJS.ProcessEnv, say: (line: string) => void }} options
 */
export async function ensureBuilt(options) {
  if (isBuilt(options.top, fingerprint(options.top))) return
  await withLock(`build ${options.top}`, options.say, async () => {
    const wanted = fingerprint(options.top)
    if (isBuilt(options.top, wanted)) return
    options.say('Building ...')
    for (const build of builds) await runBuild(options, build)
    removeOldChunks(options.top)
    mkdirSync(join(options.top, 'out'), { recursive: true })
    writeFileSync(stampPath(options.top), JSON.stringify({ fingerprint: wanted }))
  })
}
