/** What a Linux system has, as far as it matters here. `libraries` is what `ldconfig -p` prints, null where there is none. */
export type System = {
  readonly libraries: string | null
  readonly hasMesaDriver: boolean
  hasCommand(name: string): boolean
}

/** What a package is for: without the first two nothing can be shown, the others only make things nicer or are for tests. */
export type Purpose = 'window' | 'display' | 'comfort' | 'tests'

/** A Debian package and how to see that the system has what it brings, whatever the system calls it. */
export type NeededPackage = {
  readonly name: string
  readonly purpose: Purpose
  readonly present: (system: System) => boolean
}

/** Where nothing can be said about libraries (a system without ldconfig), none is claimed to be missing. */
const library = (file: string) => (system: System) => system.libraries?.includes(file) ?? true
const command = (name: string) => (system: System) => system.hasCommand(name)

const packages: readonly NeededPackage[] = [
  { name: 'libnss3', purpose: 'window', present: library('libnss3.so') },
  { name: 'libgtk-3-0', purpose: 'window', present: library('libgtk-3.so.0') },
  { name: 'libgbm1', purpose: 'window', present: library('libgbm.so.1') },
  { name: 'libasound2', purpose: 'window', present: library('libasound.so.2') },
  { name: 'xvfb', purpose: 'display', present: command('Xvfb') },
  { name: 'xauth', purpose: 'display', present: command('xauth') },
  { name: 'libgl1-mesa-dri', purpose: 'comfort', present: (system) => system.hasMesaDriver },
  { name: 'socat', purpose: 'tests', present: command('socat') },
  { name: 'rpm', purpose: 'tests', present: command('rpmbuild') },
]

export function missingPackages(purposes: ReadonlySet<Purpose>, system: System): NeededPackage[] {
  return packages.filter((entry) => purposes.has(entry.purpose) && !entry.present(system))
}

/** Whether nothing can be shown without it. */
export function isEssential(entry: NeededPackage): boolean {
  return entry.purpose === 'window' || entry.purpose === 'display'
}

/** The one line that a person runs where we may not. */
export function adviceFor(names: readonly string[], hasApt: boolean): string {
  return hasApt
    ? `Run this line once, then the same command again:\n  sudo apt-get update && sudo apt-get install -y ${names.join(' ')}`
    : `Install what your system calls these Debian packages, then run the same command again: ${names.join(' ')}`
}
