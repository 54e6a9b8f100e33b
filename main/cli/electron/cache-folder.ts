import { homedir } from 'node:os'
import { join } from 'node:path'

/** Downloads that several checkouts share live outside all of them, where the system keeps what can be fetched again. */
export function cacheFolder(): string {
  const base =
    process.env['XDG_CACHE_HOME'] ||
    (process.platform === 'win32' ? process.env['LOCALAPPDATA'] : undefined) ||
    (process.platform === 'darwin' ? join(homedir(), 'Library/Caches') : join(homedir(), '.cache'))
  return join(base, 'hearth')
}
