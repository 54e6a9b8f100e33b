import { join } from 'node:path'
import { leaveFileName, type LeaveStatus } from '../../../api/leaving.ts'
import type { RoleContext } from '../../../api/worker.ts'
import { writeFileAtomic } from '../../../persistence/index.ts'

/** Leaves the figures for the command line, which does not ask this process. */
export function createLeaveFile(context: Pick<RoleContext, 'start'>): (leaving: LeaveStatus) => Promise<void> {
  const path = join(context.start.dataDirectory, leaveFileName)
  return (leaving) => writeFileAtomic(path, `${JSON.stringify({ formatVersion: 1, leaving }, null, 2)}\n`)
}
