import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { HearthError } from '../../../roles/api/errors.ts'

/** The chain program is missing: an installation without the optional package of this system. */
export class AnvilMissingError extends HearthError {}

const architectures: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' }
const systems: Readonly<Record<string, string>> = { linux: 'linux', darwin: 'darwin', win32: 'win32' }

/**
 * Path of the anvil binary itself (not its npm wrapper, so that ending the process ends the chain).
 *
 * Inside an asar the file is unpacked beside it: programs cannot be started from within an archive.
 */
export function findAnvil(): string {
  const name = `@foundry-rs/anvil-${systems[process.platform]}-${architectures[process.arch]}`
  const file = process.platform === 'win32' ? 'anvil.exe' : 'anvil'
  try {
    const require = createRequire(import.meta.url)
    const found = join(dirname(require.resolve(`${name}/package.json`)), 'bin', file)
    const unpacked = found.replace(/([\\/])app\.asar([\\/])/, '$1app.asar.unpacked$2')
    if (existsSync(unpacked)) return unpacked
  } catch {
    // Told below, with what to do.
  }
  throw new AnvilMissingError('ANVIL_MISSING', `The practice chain's program (${name}) is not installed.`, {
    action: 'In a checkout run `npm ci`; otherwise install Hearth again.',
  })
}
