import { randomBytes } from 'node:crypto'
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { z } from 'zod'
import { LockedError } from './errors.ts'
import { isAlive, ownIdentity, type ProcessIdentity } from './process-identity.ts'

const lockSchema = z.object({ pid: z.number().int().positive(), startedAt: z.string().nullable(), token: z.string() })

/** A lock that is held. `release` is idempotent and removes only its own file. */
export type Lock = { readonly path: string; release(): void }

/** Attempts before giving up when holders come and go between two looks. */
const maximumAttempts = 20

/**
 * Takes a lock file that outlives neither its process nor a reboot.
 *
 * The file appears by `link`, complete from its first moment, and a stale one is moved away by `rename`, which only one
 * of several waiters can win. Synchronous, because it guards the start of a process. Throws LockedError when a live
 * process holds it.
 */
export function acquireLock(path: string): Lock {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const token = randomBytes(8).toString('hex')
  const own = `${path}.${token}`
  writeFileSync(own, JSON.stringify({ ...ownIdentity(), token }), { mode: 0o600, flag: 'wx' })
  try {
    for (let attempt = 0; attempt < maximumAttempts; attempt++) {
      if (tryLink(own, path)) return heldLock(path, token)
      const holder = readHolder(path)
      if (holder !== null && isAlive(holder)) throw new LockedError(path, holder.pid)
      removeStale(path, token, attempt)
    }
    throw new LockedError(path, readHolder(path)?.pid ?? 0)
  } finally {
    rmSync(own, { force: true })
  }
}

/** The live process that holds a lock, or null. */
export function lockHolder(path: string): ProcessIdentity | null {
  const holder = readHolder(path)
  return holder !== null && isAlive(holder) ? { pid: holder.pid, startedAt: holder.startedAt } : null
}

function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
}

function readHolder(path: string): z.infer<typeof lockSchema> | null {
  try {
    return lockSchema.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch {
    return null
  }
}

/** Moves a dead holder's file away; if a newcomer's live lock was caught by the move, it is put back. */
function removeStale(path: string, token: string, attempt: number): void {
  const aside = `${path}.${token}.${attempt}.stale`
  try {
    renameSync(path, aside)
  } catch {
    return
  }
  const moved = readHolder(aside)
  if (moved !== null && isAlive(moved)) tryLink(aside, path)
  rmSync(aside, { force: true })
}

function heldLock(path: string, token: string): Lock {
  let released = false
  return {
    path,
    release() {
      if (released) return
      released = true
      if (readHolder(path)?.token === token) rmSync(path, { force: true })
    },
  }
}
