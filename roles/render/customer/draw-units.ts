import {
  ContractCallError,
  encodeDrawRenderUnits,
  encodeMissRender,
  encodeRedrawRenderUnits,
  encodeTopUpRenderJob,
  readRenderBond,
  renderTurnAt,
  seedSlotOfTurn,
} from '../../../contracts/client/index.ts'
import { obtainSeed } from '../../upkeep/obtain-seed.ts'
import { tasksOfUnit, type JobRun, type Snapshot } from './job-run.ts'

/** Units drawn in one transaction. */
const unitsPerDraw = 16
/** After so many draws of one unit without a result it is rendered here. */
export const mostDraws = 3
const seedPatienceMs = 1_500

/**
 * Has nodes drawn for the next units, books what missed its time, and has units drawn anew that nobody delivered. Nobody free, or a turn that has just begun, is no failure:
 * the next look tries again. Resolves to why nothing could be drawn, for a person who waits; null where something was, or nothing is left.
 */
export async function drawUnits(run: JobRun, snapshot: Snapshot): Promise<string | null> {
  await bookMissed(run, snapshot)
  const failed = failedUnits(snapshot)
  const left = snapshot.job.drawnUnits < snapshot.job.terms.unitCount && snapshot.job.endTurn === null
  if (!left && failed.length === 0) return null
  const turn = renderTurnAt(snapshot.nowSeconds, run.timing)
  if (turn < snapshot.job.firstTurn)
    return `nodes are drawn in ${snapshot.job.firstTurn * run.timing.turnSeconds - snapshot.nowSeconds} s`
  if (!(await seedOfTurn(run, snapshot, turn))) return 'the network is drawing a number'
  const { jobId } = run.journal()
  if (failed.length > 0) await tolerate(run, () => redraw(run, snapshot, failed))
  if (!left) return null
  return tolerate(run, () =>
    run.send(encodeDrawRenderUnits(run.customer.chain.network, { jobId, count: unitsPerDraw })),
  )
}

/** Draws with the seed of the slot that begins the turn; whoever needs it first opens and captures it. */
export async function seedOfTurn(run: JobRun, snapshot: Snapshot, turn: number): Promise<boolean> {
  const { chain, log } = run.customer
  const answer = await obtainSeed({
    chain,
    slot: seedSlotOfTurn(turn, run.timing),
    head: { number: snapshot.block, hash: '', timestampSeconds: snapshot.nowSeconds },
    patienceMs: seedPatienceMs,
    context: {
      log,
      async submit({ to, data }) {
        await run.send({ to, data })
        return { transactionHash: '', blockNumber: 0, gasUsed: '0' }
      },
    },
    signal: run.signal,
  })
  return answer.kind === 'seed'
}

/** A refusal of the contract that time cures is told, not thrown. */
async function tolerate(run: JobRun, send: () => Promise<void>): Promise<string | null> {
  try {
    await send()
    return null
  } catch (error) {
    if (!(error instanceof ContractCallError)) throw error
    run.customer.log.debug('Nothing was drawn.', { error: error.message })
    return error.errorName === 'NobodyFree' ? 'all contributors are busy' : 'the next drawing has not begun'
  }
}

async function bookMissed(run: JobRun, snapshot: Snapshot): Promise<void> {
  const { nowSeconds, job, tasks, units } = snapshot
  const { silenceSeconds } = run.timing
  const late = tasks.filter(({ task, state, changedAtSeconds }) => {
    const unit = units[Math.floor(task / job.terms.replicas)]!
    if (state === 'drawn') return nowSeconds > unit.commitBySeconds
    if (state === 'committed') return nowSeconds > unit.revealBySeconds
    return state === 'accepted' && nowSeconds > changedAtSeconds + silenceSeconds
  })
  if (late.length > 0)
    await tolerate(run, () =>
      run.send(encodeMissRender(run.customer.chain.network, { jobId: job.jobId, tasks: late.map(({ task }) => task) })),
    )
}

/** Units of which every task ended without a payment. */
export function failedUnits(snapshot: Snapshot): number[] {
  return snapshot.units
    .filter(({ unit, draws }) => {
      const ended = tasksOfUnit(snapshot, unit).every(({ state }) => state === 'missed' || state === 'refused')
      return ended && draws > 0 && draws < mostDraws
    })
    .map(({ unit }) => unit)
}

async function redraw(run: JobRun, snapshot: Snapshot, units: readonly number[]): Promise<void> {
  const { jobId } = run.journal()
  const { chain } = run.customer
  const refused = units.flatMap((unit) => tasksOfUnit(snapshot, unit)).filter(({ state }) => state === 'refused').length
  try {
    await run.send(encodeRedrawRenderUnits(chain.network, { jobId, units }))
  } catch (error) {
    if (!(error instanceof ContractCallError) || error.errorName !== 'EscrowTooSmall') throw error
    // A panel was paid out of what these units were to cost.
    const missingWei = (await readRenderBond(chain, jobId)) * BigInt(refused)
    await run.ensureAllowance(missingWei)
    await run.send(encodeTopUpRenderJob(chain.network, { jobId, amountWei: missingWei }))
    await run.send(encodeRedrawRenderUnits(chain.network, { jobId, units }))
  }
}
