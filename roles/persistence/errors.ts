import { HearthError } from '../api/errors.ts'

/** A file on disk is not what it must be; carries what to do about it. */
export class DatabaseError extends HearthError {}

/** Another live process holds the lock. `details.pid` names it. */
export class LockedError extends HearthError {
  readonly pid: number

  constructor(path: string, pid: number) {
    super('ALREADY_RUNNING', `Another Hearth process (${pid}) already uses ${path}.`, {
      action: `Stop process ${pid} first, or use another home with --home.`,
      details: { path, pid },
    })
    this.pid = pid
  }
}

/** Why a disk refuses to take bytes, in the words of the storage protocol and the governor. */
export type DiskFault = 'full' | 'readOnly' | 'missing' | 'denied' | 'failing'

const faultOfErrno: Readonly<Record<string, DiskFault>> = {
  ENOSPC: 'full',
  EDQUOT: 'full',
  EFBIG: 'full',
  EROFS: 'readOnly',
  ENOENT: 'missing',
  ENOTDIR: 'missing',
  ENXIO: 'missing',
  ENODEV: 'missing',
  EACCES: 'denied',
  EPERM: 'denied',
  EIO: 'failing',
}

/** Names the fault of the disk behind an error of the file system, or null when it is something else. */
export function diskFaultOf(error: unknown): DiskFault | null {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return faultOfErrno[code] ?? null
}
