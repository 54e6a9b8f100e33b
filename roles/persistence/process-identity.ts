import { readFileSync } from 'node:fs'

/**
 * Names one life of one process: pids are reused, so the start time is part of the name where the system tells it.
 * `startedAt` is in the system's own ticks and only ever compared for equality; null where it is not known.
 */
export type ProcessIdentity = { readonly pid: number; readonly startedAt: string | null }

/** Reads when a process started (Linux: field 22 of /proc/PID/stat, in clock ticks since boot). */
function startOf(pid: number): string | null {
  if (process.platform !== 'linux') return null
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The second field is the command in parentheses and may hold spaces and parentheses itself.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' ? null : `${readBootId()}/${fields[19] ?? ''}`
  } catch {
    return null
  }
}

function readBootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  } catch {
    return ''
  }
}

/** The identity of this process. */
export function ownIdentity(): ProcessIdentity {
  return { pid: process.pid, startedAt: startOf(process.pid) }
}

/** True while the very process that `identity` names still lives; a zombie does not. */
export function isAlive(identity: ProcessIdentity): boolean {
  try {
    process.kill(identity.pid, 0)
  } catch (error) {
    // EPERM: it lives but belongs to someone else.
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false
  }
  if (identity.startedAt === null) return true
  return startOf(identity.pid) === identity.startedAt
}
