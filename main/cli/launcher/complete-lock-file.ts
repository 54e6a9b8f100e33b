import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'

/** What is needed of an entry in package-lock.json (npm's lock file, version 3). */
type Entry = {
  version?: string
  dev?: boolean
  devOptional?: boolean
  optional?: boolean
  os?: string[]
  cpu?: string[]
  libc?: string[]
  optionalDependencies?: Record<string, string>
  peerDependenciesMeta?: Record<string, { optional?: boolean }>
}
export type LockFile = { packages: Record<string, Entry> }

/** How packages for one system name it in their own name, and how npm names the same system. */
const systems: readonly (readonly [RegExp, string])[] = [
  [/android/, 'android'],
  [/darwin|macos/, 'darwin'],
  [/freebsd/, 'freebsd'],
  [/openharmony/, 'openharmony'],
  [/win32|windows|-win-/, 'win32'],
  [/linux/, 'linux'],
]
const processors: readonly (readonly [RegExp, string])[] = [
  [/wasm32/, 'wasm32'],
  [/arm64|aarch64/, 'arm64'],
  [/amd64|x64|x86_64/, 'x64'],
  [/ia32/, 'ia32'],
  [/ppc64/, 'ppc64'],
  [/riscv64/, 'riscv64'],
  [/s390x/, 's390x'],
  [/loong64/, 'loong64'],
  [/arm/, 'arm'],
]

function namedIn(name: string, table: readonly (readonly [RegExp, string])[]): string[] | undefined {
  const found = table.find(([pattern]) => pattern.test(name))
  return found === undefined ? undefined : [found[1]]
}

/** Whether Node would find `name` from the package at `path`: in its own folder or in one further up. */
function isFound(packages: LockFile['packages'], path: string, name: string): boolean {
  const places = path.split('/node_modules/')
  const above = places.map((_, index) => places.slice(0, index + 1).join('/node_modules/'))
  return ['', ...above].some(
    (place) => packages[place === '' ? `node_modules/${name}` : `${place}/node_modules/${name}`] !== undefined,
  )
}

function entryFor(name: string, version: string, wantedBy: Entry): Entry {
  const [os, cpu] = [namedIn(name, systems), namedIn(name, processors)]
  const libc = name.includes('musl') ? ['musl'] : /gnu(?!eabi)/.test(name) ? ['glibc'] : undefined
  return {
    version,
    ...(cpu === undefined ? {} : { cpu }),
    ...(wantedBy.dev === true ? { dev: true } : {}),
    ...(libc === undefined ? {} : { libc }),
    optional: true,
    ...(os === undefined ? {} : { os }),
  }
}

/** The optional parts that packages of the lock file name and that have no entry in it. */
export function missingParts(lock: LockFile): Readonly<Record<string, Entry>> {
  const missing = Object.entries(lock.packages).flatMap(([path, entry]) =>
    Object.entries(entry.optionalDependencies ?? {})
      .filter(([name, version]) => /^\d/.test(version) && !isFound(lock.packages, path, name))
      .map(([name, version]) => [`node_modules/${name}`, entryFor(name, version, entry)] as const),
  )
  return Object.fromEntries(missing)
}

/**
 * Writes the parts for other systems into the lock file. npm leaves out those that the registry in use does not hold, and then
 * every `npm ci` refuses the file, here and elsewhere. An entry of another system is never fetched here; where it is needed,
 * npm takes the very version it names.
 */
export function completeLockFile(lock: LockFile): LockFile {
  const packages = { ...lock.packages, ...missingParts(lock) }
  const sorted = Object.entries(packages).sort(([a], [b]) => a.localeCompare(b, 'en'))
  return { ...lock, packages: Object.fromEntries(sorted) }
}

if (process.argv[1] === import.meta.filename) {
  const path = resolve(import.meta.dirname, '../../../package-lock.json')
  const lock = JSON.parse(readFileSync(path, 'utf8')) as LockFile
  process.stdout.write(`${Object.keys(missingParts(lock)).length} entries added\n`)
  writeFileSync(path, `${JSON.stringify(completeLockFile(lock), null, 2)}\n`)
}
