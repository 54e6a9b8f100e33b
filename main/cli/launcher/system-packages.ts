import { execFile, execFileSync, spawn } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { withLock } from './lock.mjs'
import {
  adviceFor,
  isEssential,
  missingPackages,
  type NeededPackage,
  type Purpose,
  type System,
} from './needed-packages.ts'

const run = promisify(execFile)
const installTimeoutMs = 15 * 60_000
const apt = '/usr/bin/apt-get'

function hasMesaDriver(): boolean {
  const roots = ['/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu', '/usr/lib64', '/usr/lib']
  return roots.some((root) => {
    const folder = join(root, 'dri')
    return existsSync(folder) && readdirSync(folder).some((name) => name.endsWith('_dri.so'))
  })
}

function knownLibraries(): string | null {
  const program = ['/sbin/ldconfig', '/usr/sbin/ldconfig'].find((file) => existsSync(file)) ?? 'ldconfig'
  try {
    return execFileSync(program, ['-p'], { encoding: 'utf8', timeout: 10_000, maxBuffer: 1 << 24 })
  } catch {
    return null
  }
}

function lookAtSystem(): System {
  const path = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/bin', '/usr/sbin', '/sbin']
  return {
    libraries: knownLibraries(),
    hasMesaDriver: hasMesaDriver(),
    hasCommand: (name) => path.some((folder) => existsSync(join(folder, name))),
  }
}

/** Debian 13 and Ubuntu 24 renamed some libraries (64-bit time): the name that this system's apt can install. */
async function aptName(name: string): Promise<string> {
  const renamed = `${name}t64`
  const answer = await run('apt-cache', ['policy', renamed], { timeout: 20_000 }).catch(() => ({ stdout: '' }))
  return /Candidate: (?!\(none\))/.test(answer.stdout) ? renamed : name
}

function runApt(args: readonly string[]): Promise<string | null> {
  return new Promise((done) => {
    const child = spawn(apt, ['-o', 'DPkg::Lock::Timeout=300', '-q', ...args], {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: installTimeoutMs,
    })
    let output = ''
    child.stdout.on('data', (data: Buffer) => (output += data.toString()))
    child.stderr.on('data', (data: Buffer) => (output += data.toString()))
    child.on('error', (error) => (output += error.message))
    child.on('close', (code) => done(code === 0 ? null : output.trim().split('\n').slice(-6).join('\n')))
  })
}

async function install(names: readonly string[], say: (line: string) => void): Promise<string | null> {
  say(`Installing system packages: ${names.join(' ')} ...`)
  const updated = await runApt(['update'])
  if (updated !== null) return updated
  const failed = await runApt(['install', '-y', '--no-install-recommends', ...(await Promise.all(names.map(aptName)))])
  if (failed === null) say('The system packages are installed.')
  return failed
}

function purposesOf(options: { display: boolean; tests: boolean }): ReadonlySet<Purpose> {
  const purposes = new Set<Purpose>(['window'])
  if (options.display) purposes.add('display').add('comfort')
  if (options.tests) purposes.add('tests')
  return purposes
}

function names(entries: readonly NeededPackage[]): string[] {
  return entries.map((entry) => entry.name)
}

/**
 * Brings in the Linux libraries that Electron needs: installs them as root where there is apt, else throws an error that holds
 * the one line to run. Packages that only make things nicer never stop the command.
 */
export async function ensureSystemPackages(options: {
  display: boolean
  tests: boolean
  say: (line: string) => void
}): Promise<void> {
  if (process.platform !== 'linux') return
  const missing = () => missingPackages(purposesOf(options), lookAtSystem())
  if (missing().length === 0) return
  const hasApt = existsSync(apt)
  const mayInstall = hasApt && process.getuid?.() === 0
  const failure = !mayInstall
    ? null
    : await withLock('system packages', options.say, async () => {
        const wanted = names(missing())
        return wanted.length === 0 ? null : await install(wanted, options.say)
      })
  const left = missing()
  const essential = names(left.filter(isEssential))
  if (essential.length > 0) {
    const what = `These system packages are missing: ${essential.join(' ')}.`
    throw new Error([what, failure, adviceFor(essential, hasApt)].filter(Boolean).join('\n'))
  }
  if (left.length > 0) options.say(`Some optional system packages are missing. ${adviceFor(names(left), hasApt)}`)
}
