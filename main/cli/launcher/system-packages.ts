import { execFile, execFileSync, spawn } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { withLock } from './lock.mjs'

const run = promisify(execFile)
const installTimeoutMs = 15 * 60_000

/** A Debian package that Electron needs, and how to see that the system has it without asking a package manager. */
type SystemPackage = {
  readonly name: string
  readonly present: (system: System) => boolean
  readonly neededFor: 'window' | 'display' | 'comfort' | 'tests'
}
type System = { readonly libraries: string; hasCommand(name: string): boolean }

const library = (file: string) => (system: System) => system.libraries.includes(file)
const command = (name: string) => (system: System) => system.hasCommand(name)

const packages: readonly SystemPackage[] = [
  { name: 'libnss3', present: library('libnss3.so'), neededFor: 'window' },
  { name: 'libgtk-3-0', present: library('libgtk-3.so.0'), neededFor: 'window' },
  { name: 'libgbm1', present: library('libgbm.so.1'), neededFor: 'window' },
  { name: 'libasound2', present: library('libasound.so.2'), neededFor: 'window' },
  { name: 'xvfb', present: command('Xvfb'), neededFor: 'display' },
  { name: 'xauth', present: command('xauth'), neededFor: 'display' },
  { name: 'libgl1-mesa-dri', present: hasMesaDriver, neededFor: 'comfort' },
  { name: 'socat', present: command('socat'), neededFor: 'tests' },
  { name: 'rpm', present: command('rpmbuild'), neededFor: 'tests' },
]

function hasMesaDriver(): boolean {
  const roots = ['/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu', '/usr/lib64', '/usr/lib']
  return roots.some((root) => {
    const folder = join(root, 'dri')
    return existsSync(folder) && readdirSync(folder).some((name) => name.endsWith('_dri.so'))
  })
}

function lookAtSystem(): System {
  const path = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/bin', '/usr/sbin', '/sbin']
  let libraries = ''
  try {
    const ldconfig = ['/sbin/ldconfig', '/usr/sbin/ldconfig'].find((file) => existsSync(file)) ?? 'ldconfig'
    libraries = execFileSync(ldconfig, ['-p'], { encoding: 'utf8', timeout: 10_000, maxBuffer: 1 << 24 })
  } catch {
    // A system without ldconfig (musl): nothing can be said, so nothing is claimed to be missing.
    libraries = packages.map((entry) => entry.name).join(' ') + ' libnss3.so libgtk-3.so.0 libgbm.so.1 libasound.so.2'
  }
  return { libraries, hasCommand: (name) => path.some((folder) => existsSync(join(folder, name))) }
}

/** Debian 13 and Ubuntu 24 renamed some libraries (64-bit time): the name that this system's apt can install. */
async function aptName(name: string): Promise<string> {
  const renamed = `${name}t64`
  const answer = await run('apt-cache', ['policy', renamed], { timeout: 20_000 }).catch(() => ({ stdout: '' }))
  return /Candidate: (?!\(none\))/.test(answer.stdout) ? renamed : name
}

function apt(args: readonly string[]): Promise<string | null> {
  return new Promise((done) => {
    const child = spawn('apt-get', ['-o', 'DPkg::Lock::Timeout=300', '-q', ...args], {
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
  const updated = await apt(['update'])
  if (updated !== null) return updated
  const failed = await apt(['install', '-y', '--no-install-recommends', ...(await Promise.all(names.map(aptName)))])
  if (failed === null) say('The system packages are installed.')
  return failed
}

function missing(groups: ReadonlySet<SystemPackage['neededFor']>): SystemPackage[] {
  const system = lookAtSystem()
  return packages.filter((entry) => groups.has(entry.neededFor) && !entry.present(system))
}

function advice(names: readonly string[]): string {
  return existsSync('/usr/bin/apt-get')
    ? `Run this line once, then the same command again:\n  sudo apt-get update && sudo apt-get install -y ${names.join(' ')}`
    : `Install what your system calls these Debian packages, then run the same command again: ${names.join(' ')}`
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
  const groups = new Set<SystemPackage['neededFor']>(['window'])
  if (options.display) groups.add('display').add('comfort')
  if (options.tests) groups.add('tests')
  if (missing(groups).length === 0) return
  const canInstall = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')
  const failure = canInstall
    ? await withLock('system packages', options.say, async () => {
        const names = missing(groups).map((entry) => entry.name)
        return names.length === 0 ? null : await install(names, options.say)
      })
    : null
  const left = missing(groups)
  const essential = left.filter((entry) => entry.neededFor === 'window' || entry.neededFor === 'display')
  if (essential.length > 0) {
    const names = essential.map((entry) => entry.name)
    throw new Error(
      [`These system packages are missing: ${names.join(' ')}.`, failure, advice(names)].filter(Boolean).join('\n'),
    )
  }
  if (left.length > 0)
    options.say(`Some optional system packages are missing. ${advice(left.map((entry) => entry.name))}`)
}
