import { constants } from 'node:fs'
import { access, mkdir, readFile, statfs, writeFile } from 'node:fs/promises'
import { isAbsolute, join } from 'node:path'
import { HearthError } from '../../roles/api/errors.ts'
import type { DiskReading } from '../governor/index.ts'

/** Looks at the disk of a role's work folder. Never rejects: what is wrong with a disk is a reading. */
export async function readDisk(folder: string, usedByRoleBytes: number): Promise<DiskReading> {
  try {
    const { bsize, bavail } = await statfs(folder)
    await access(folder, constants.W_OK)
    return { kind: 'usable', freeBytes: bsize * bavail, usedByRoleBytes }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null
    return code === 'EROFS' || code === 'EACCES' ? { kind: 'readOnly' } : { kind: 'unavailable' }
  }
}

/** The person chose a folder that storage cannot use. */
export class DiskChoiceError extends HearthError {}

/** Rejects with DiskChoiceError unless a chosen disk or folder is there and may be written to. */
export async function assertUsableDisk(path: string): Promise<void> {
  const refuse = (why: string) =>
    new DiskChoiceError('DISK_NOT_USABLE', `${path} ${why}.`, { action: 'Choose another disk.', details: { path } })
  if (!isAbsolute(path)) throw refuse('is not a full path')
  const reading = await readDisk(path, 0)
  if (reading.kind === 'unavailable') throw refuse('is not there')
  if (reading.kind === 'readOnly') throw refuse('cannot be written to')
}

/**
 * Where a role keeps its work: in the home, or in a folder of its own on the chosen disk. The node's account is part of
 * the name, so that two homes on one disk never share a folder.
 *
 * A folder on another disk is made once and remembered in the home. If it is gone later, the disk is gone too: making it
 * again would write to the empty mount point of a disk that is unplugged. Rejects with DiskChoiceError then.
 */
export async function prepareWorkFolder(roleDirectory: string, diskPath: string | null, node: string): Promise<string> {
  const folder = workFolderOf(roleDirectory, diskPath, node)
  if (diskPath === null) return makeFolder(folder)
  const note = join(roleDirectory, 'work-folder')
  const known = (await readFile(note, 'utf8').catch(() => '')).split('\n').filter((line) => line !== '')
  if (!known.includes(folder)) {
    await assertUsableDisk(diskPath)
    await makeFolder(folder)
    await writeFile(note, [...known, folder].join('\n'), { mode: 0o600 })
  } else if ((await readDisk(folder, 0)).kind === 'unavailable') {
    throw new DiskChoiceError('DISK_GONE', `The disk with ${folder} is not there.`, { action: 'Connect it again.' })
  }
  return folder
}

/** Where the work folder on a disk is, or would be. */
export function workFolderOf(roleDirectory: string, diskPath: string | null, node: string): string {
  return diskPath === null ? join(roleDirectory, 'work') : join(diskPath, `hearth-${node.slice(2, 10).toLowerCase()}`)
}

/** Forgets that a folder was made, once its disk is no longer used: if it comes back it may be made again. */
export async function forgetWorkFolder(roleDirectory: string, diskPath: string | null, node: string): Promise<void> {
  const folder = workFolderOf(roleDirectory, diskPath, node)
  const note = join(roleDirectory, 'work-folder')
  const known = (await readFile(note, 'utf8').catch(() => '')).split('\n')
  if (known.includes(folder)) await writeFile(note, known.filter((line) => line !== folder).join('\n'), { mode: 0o600 })
}

async function makeFolder(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  return folder
}
