import { setTimeout as wait } from 'node:timers/promises'
import { ContractCallError, encodeCloseRenderJob } from '../../../contracts/client/index.ts'
import { advanceDisputes } from './advance-disputes.ts'
import { createAnnouncer } from './announce-job.ts'
import { drawUnits } from './draw-units.ts'
import { readSnapshot, type JobRun } from './job-run.ts'
import { judgeTasks } from './judge-tasks.ts'
import { createLanes } from './lanes.ts'

const tickMs = 1_000

/**
 * Waits, `seconds` at most, until nothing of a job is open any more, and takes back what is left of its escrow. True where it is closed. The pictures are
 * written by now, so whoever will not wait loses nothing: the same command later does it.
 */
export async function settleJob(run: JobRun, seconds: number): Promise<boolean> {
  const deadlineMs = Date.now() + seconds * 1000
  // Panels are often drawn only now, and who sits on one must be told the job to look at what is disputed.
  const announcer = createAnnouncer(run)
  const lanes = createLanes((name, error) => run.customer.log.warn('A step failed.', { name, error: String(error) }))
  try {
    while (!run.signal.aborted) {
      const snapshot = await readSnapshot(run)
      if (snapshot.job.openTasks === 0) return await close(run)
      if (Date.now() >= deadlineMs) return false
      lanes.start('announce', () => announcer.announce(snapshot))
      await judgeTasks(run, snapshot)
      await advanceDisputes(run, snapshot)
      await drawUnits(run, snapshot)
      await wait(tickMs, undefined, { signal: run.signal }).catch(() => undefined)
    }
    return false
  } finally {
    await lanes.idle()
  }
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
