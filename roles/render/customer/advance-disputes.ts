import {
  ContractCallError,
  encodeDrawPanel,
  encodeSettlePanel,
  readRenderPanel,
  renderTurnAt,
  type ChainCall,
} from '../../../contracts/client/index.ts'
import { seedOfTurn } from './draw-units.ts'
import type { DrawnTask, JobRun, Snapshot } from './job-run.ts'

/** Has panels drawn about results that this customer rejected, and disputes ended whose time is over. Anyone may do so; the customer wants its bond back. */
export async function advanceDisputes(run: JobRun, snapshot: Snapshot): Promise<void> {
  for (const task of snapshot.tasks.filter(({ state }) => state === 'disputed')) {
    const call = await nextCall(run, snapshot, task)
    if (call === null) continue
    try {
      await run.send(call)
    } catch (error) {
      // Too few strangers for a panel, or somebody was faster: time cures both.
      if (!(error instanceof ContractCallError)) throw error
      run.customer.log.debug('A dispute did not move.', { task: task.task, error: error.message })
    }
  }
}

async function nextCall(
  run: JobRun,
  snapshot: Snapshot,
  { task, changedAtSeconds }: DrawnTask,
): Promise<ChainCall | null> {
  const { chain } = run.customer
  const { nowSeconds, job } = snapshot
  const dispute = { jobId: job.jobId, task }
  const panel = await readRenderPanel(chain, dispute)
  if (panel.firstTurn === null) return null
  if (panel.revealBySeconds !== null) {
    const allOpen = panel.seats.every(({ vote }) => vote !== 'none')
    return allOpen || nowSeconds > panel.revealBySeconds ? encodeSettlePanel(chain.network, dispute) : null
  }
  if (nowSeconds > changedAtSeconds + run.timing.silenceSeconds) return encodeSettlePanel(chain.network, dispute)
  const turn = renderTurnAt(nowSeconds, run.timing)
  if (turn < panel.firstTurn || !(await seedOfTurn(run, snapshot, turn))) return null
  return encodeDrawPanel(chain.network, dispute)
}
