import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { withLock } from './lock.mjs'

const tellEveryMs = 5_000
const installTimeoutMs = 30 * 60_000

/** What went wrong, as npm names it, and what a person can do about it. */
const remedies = /** @type {const} */ ([
  [
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH/,
    'The npm registry cannot be reached. Connect this machine to the network and run the same command again.',
  ],
  [/ENOSPC/, 'The disk is full. The packages need about 2 GB; free some space and run the same command again.'],
  [/EACCES|EPERM|EROFS/, 'This folder cannot be written. Run the command as the person who owns it.'],
])

/** @param {string} path */
function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return null
  }
}

/** @param {string} top */
function lockHash(top) {
  return createHash('sha256')
    .update(readFileSync(join(top, 'package-lock.json')))
    .digest('hex')
}

/** @param {string} top */
const stampPath = (top) => join(top, 'node_modules', '.hearth-install.json')

/**
 * Whether npm has already installed exactly what the lock file names (its own record says so), as after a plain `npm ci`.
 * Only parts for other systems may be missing.
 *
 * @param {string} top
 */
function npmInstalledThis(top) {
  const wanted = readJson(join(top, 'package-lock.json'))?.packages
  const present = readJson(join(top, 'node_modules', '.package-lock.json'))?.packages
  if (!wanted || !present) return false
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '') return true
    const found = present[path]
    if (found === undefined) return entry.optional === true
    return found.version === entry.version && found.integrity === entry.integrity
  })
}

/** npm as it was started, under the Node that runs us; else the one in PATH. */
function npmCommand() {
  const script = process.env['npm_execpath']
  if (script !== undefined && basename(script) === 'npm-cli.js') {
    return { file: process.execPath, args: [script], shell: false }
  }
  return { file: 'npm', args: [], shell: process.platform === 'win32' }
}

/** @param {string} top */
function countPackages(top) {
  try {
    const folder = join(top, 'node_modules')
    return readdirSync(folder).reduce(
      (sum, name) => sum + (name.startsWith('@') ? readdirSync(join(folder, name)).length : 1),
      0,
    )
  } catch {
    return 0
  }
}

/** @param {string} output */
function explain(output) {
  const remedy = remedies.find(([pattern]) => pattern.test(output))?.[1]
  return new Error(`The packages could not be installed.\n${output.trim()}\n${remedy ?? 'Run `npm ci` to see more.'}`)
}

/**
 * @param {string} top
 * @param {(line: string) => void} say
 * @returns {Promise<void>}
 */
function npmCi(top, say) {
  const npm = npmCommand()
  const args = [...npm.args, 'ci', '--include=dev', '--include=optional', '--loglevel=error', '--no-progress']
  return new Promise((done, fail) => {
    const child = spawn(npm.file, args, { cwd: top, shell: npm.shell, stdio: ['ignore', 'pipe', 'pipe'] })
    const startedMs = Date.now()
    let output = ''
    child.stdout.on('data', (data) => (output += data))
    child.stderr.on('data', (data) => (output += data))
    const teller = setInterval(() => {
      const seconds = Math.round((Date.now() - startedMs) / 1000)
      say(`  ${seconds} s, ${countPackages(top)} packages unpacked ...`)
    }, tellEveryMs)
    const deadline = setTimeout(() => child.kill('SIGKILL'), installTimeoutMs)
    const stop = () => child.kill('SIGTERM')
    process.once('SIGTERM', stop)
    process.once('SIGINT', stop)
    const settle = (/** @type {Error | null} */ error) => {
      clearInterval(teller)
      clearTimeout(deadline)
      process.off('SIGTERM', stop)
      process.off('SIGINT', stop)
      if (error === null) done()
      else fail(error)
    }
    child.once('error', (error) => settle(explain(error.message)))
    child.once('close', (code) => settle(code === 0 ? null : explain(output)))
  })
}

/**
 * Brings in the packages when the lock file is another one than last time. A launcher that finds them in place costs one hash;
 * an unconditional `npm ci` would take many seconds and delete the Node that others are running on.
 *
 * @param {string} top
 * @param {(line: string) => void} say
 */
export async function ensureInstalled(top, say) {
  const isCurrent = () => readJson(stampPath(top))?.lockHash === lockHash(top)
  if (isCurrent()) return
  await withLock(`install ${top}`, say, async () => {
    if (isCurrent()) return
    if (!npmInstalledThis(top)) {
      say('Installing the packages (about 300 MB to download; once) ...')
      await npmCi(top, say)
      say('The packages are installed.')
    }
    writeFileSync(stampPath(top), JSON.stringify({ lockHash: lockHash(top) }))
  })
}
