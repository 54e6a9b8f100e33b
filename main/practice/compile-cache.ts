import { homedir } from 'node:os'
import { join } from 'node:path'

/**
 * Lets the processes of the practice network share compiled code: twelve of them started in 2.4 s instead of 7 s when
 * bundled with the cache. Kept outside the home, so that a fresh home on a warm machine starts as fast.
 */
export function compileCacheEnvironment(): Readonly<Record<string, string>> {
  const known = process.env['NODE_COMPILE_CACHE']
  if (known !== undefined) return { NODE_COMPILE_CACHE: known }
  const base = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache')
  return { NODE_COMPILE_CACHE: join(base, 'hearth', 'compiled') }
}
