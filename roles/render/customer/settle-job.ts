import { setTimeout as wait } from 'node:timers/promises'
import { ContractCallError, encodeCloseRenderJob } from '../../../contracts/client/index.ts'
import { advanceDisputes } from './advance-disputes.ts'
import { drawUnits } from './draw-units.ts'
import { readSnapshot, type JobRun } from './job-run.ts'
import { judgeTasks } from './judge-tasks.ts'

const tickMs = 1_000

/**
 * Waits, `seconds` at most, until nothing of a job is open any more, and takes back what is left of its escrow. True where it is closed. The pictures are
 * written by now, so whoever will not wait loses nothing: the same command later does it.
 */
export async function settleJob(run: JobRun, seconds: number): Promise<boolean> {
  const deadlineMs = Date.now() + seconds * 1000
  while (!run.signal.aborted) {
    const snapshot = await readSnapshot(run)
    if (snapshot.job.openTasks === 0) return close(run)
    if (Date.now() >= deadlineMs) return false
    await judgeTasks(run, snapshot)
    await advanceDisputes(run, snapshot)
    await drawUnits(run, snapshot)
    await wait(tickMs, undefined, { signal: run.signal }).catch(() => undefined)
  }
  return false
}

async function close(run: JobRun): Promise<boolean> {
  try {
    await run.send(encodeCloseRenderJob(run.customer.chain.network, { jobId: run.journal().jobId }))
    return true
  } catch (error) {
    if (!(error instanceof ContractCallError)) throw error
    // Closed by an earlier try that was killed before it noted so.
    run.customer.log.info('The job could not be closed.', { error: error.message })
    return true
  }
}
