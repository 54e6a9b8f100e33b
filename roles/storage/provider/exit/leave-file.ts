import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { leaveFileName, leaveFileSchema, type LeaveStatus } from '../../../api/leaving.ts'
import type { RoleContext } from '../../../api/worker.ts'
import { writeFileAtomic } from '../../../persistence/index.ts'

/** The figures for the command line, which does not ask this process, and for the next life of it. */
export type LeaveFile = {
  /** What was last told; null before the first time. */
  read(): Promise<LeaveStatus | null>
  write(leaving: LeaveStatus): Promise<void>
}

export function createLeaveFile(context: Pick<RoleContext, 'start'>): LeaveFile {
  const path = join(context.start.dataDirectory, leaveFileName)
  return {
    async read() {
      try {
        return leaveFileSchema.parse(JSON.parse(await readFile(path, 'utf8'))).leaving
      } catch {
        return null
      }
    },
    write: (leaving) => writeFileAtomic(path, `${JSON.stringify({ formatVersion: 1, leaving }, null, 2)}\n`),
  }
}
