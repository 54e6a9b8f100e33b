import type { DiskState } from '../../../api/disks.ts'
import type { Problem, Problems } from '../../../upkeep/problems.ts'

/** What a problem of a disk is called, and what to say and do about it. `where` names the folders. */
const problemOf: Readonly<Record<Exclude<DiskState, 'ready' | 'checking'>, (where: string) => Problem>> = {
  missing: (where) => ({
    code: 'DISK_MISSING',
    message: `The stored pieces are not there: ${where}.`,
    action: 'Connect the disk again; storage goes on by itself.',
  }),
  wrongDisk: (where) => ({
    code: 'DISK_WRONG',
    message: `Another disk lies where stored pieces should be: ${where}. Nothing is written to it.`,
    action: 'Connect the disk that was there before; storage goes on by itself.',
  }),
  readOnly: (where) => ({
    code: 'DISK_READ_ONLY',
    message: `A disk with stored pieces can only be read: ${where}.`,
    action: 'Make it writable again; storage goes on by itself. What is stored is still proven and served.',
  }),
  denied: (where) => ({
    code: 'DISK_DENIED',
    message: `Hearth may not write to the folder with the stored pieces: ${where}.`,
    action: 'Give this user permission to write there.',
  }),
  failing: (where) => ({
    code: 'DISK_FAULT',
    message: `A disk with stored pieces answers with errors: ${where}.`,
    action: 'Move its pieces to another disk while it can still be read, and replace it.',
  }),
  slow: (where) => ({
    code: 'DISK_SLOW',
    message: `A disk has become too slow and takes nothing new: ${where}.`,
    action: 'See what else uses it, or move its pieces to another disk. What is stored is still proven and served.',
  }),
  full: (where) => ({
    code: 'DISK_FULL',
    message: `A disk with stored pieces is full: ${where}.`,
    action: 'Free some space or lower the limit; storage takes more as soon as there is room.',
  }),
}

/** The problems of all disks, one for each kind, naming the folders that have it. */
export function diskProblems(disks: readonly { readonly folder: string; state(): DiskState }[]): Problem[] {
  return (Object.keys(problemOf) as (keyof typeof problemOf)[]).flatMap((state) => {
    const where = disks.filter((disk) => disk.state() === state).map((disk) => disk.folder)
    return where.length === 0 ? [] : [problemOf[state](where.join(', '))]
  })
}

/** Tells the disks' problems that began, and those that are over. */
export function tellDiskProblems(problems: Problems, disks: Parameters<typeof diskProblems>[0]): void {
  const open = diskProblems(disks)
  const codes = Object.values(problemOf).map((problem) => problem('').code)
  for (const code of codes) if (!open.some((problem) => problem.code === code)) problems.solve(code)
  for (const problem of open) problems.raise(problem)
}
