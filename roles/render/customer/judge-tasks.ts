import { getBytes } from 'ethers'
import {
  ContractCallError,
  encodeAcceptRender,
  encodeRejectRender,
  readRenderBond,
} from '../../../contracts/client/index.ts'
import { countCells } from '../protocol/cells.ts'
import { drawCells } from '../protocol/draw-cells.ts'
import { openingsAllowed } from '../protocol/frames.ts'
import { unitOf } from '../protocol/plan-units.ts'
import type { RenderUnit } from '../protocol/render-job.ts'
import { tasksOfUnit, type DrawnTask, type JobRun, type Snapshot } from './job-run.ts'
import { fetchResult, verifyResult, type HeldResult, type RevealedRoots, type Verification } from './verify-result.ts'

/** Share of the silence after which a node that shows nothing is rejected: what is not rejected in time is owed. */
const patienceShare = 0.6

/**
 * Looks at every result that was revealed and not judged yet, accepts on chain what agrees with what this customer renders itself, and rejects what does
 * not. A node that does not answer is asked again, until waiting longer would mean paying for what nobody saw.
 */
export async function judgeTasks(run: JobRun, snapshot: Snapshot): Promise<void> {
  const revealed = snapshot.tasks.filter(({ state }) => state === 'revealed')
  for (const facts of revealed) {
    if (run.signal.aborted) return
    if (noteOf(run, facts) === undefined) await judge(run, snapshot, facts)
  }
  const ofVerdict = (verdict: 'right' | 'wrong') => revealed.filter((facts) => noteOf(run, facts)?.verdict === verdict)
  const right = ofVerdict('right').map(({ task }) => task)
  if (right.length > 0)
    await tolerate(run, () =>
      run.send(encodeAcceptRender(run.customer.chain.network, { jobId: run.journal().jobId, tasks: right })),
    )
  for (const facts of ofVerdict('wrong')) await tolerate(run, () => reject(run, facts))
}

function noteOf(run: JobRun, { task, node }: DrawnTask) {
  return run.journal().tasks.find((note) => note.task === task && note.node === node)
}

/** Somebody else's transaction or a clock may have been faster. */
async function tolerate(run: JobRun, send: () => Promise<void>): Promise<void> {
  try {
    await send()
  } catch (error) {
    if (!(error instanceof ContractCallError)) throw error
    run.customer.log.warn('The contract took no verdict.', { error: error.message })
  }
}

async function judge(run: JobRun, snapshot: Snapshot, facts: DrawnTask): Promise<void> {
  const { job, replicas } = run.journal()
  const unit = unitOf(job, Math.floor(facts.task / replicas))
  const roots = snapshot.roots.get(facts.task)
  if (roots === undefined) return
  const late = snapshot.nowSeconds > facts.changedAtSeconds + patienceShare * run.timing.silenceSeconds
  try {
    const found = await look(run, snapshot, facts, unit, roots)
    const verdict = found.kind
    await run.note({
      ...{ task: facts.task, node: facts.node, verdict, reason: found.kind === 'wrong' ? found.reason : null },
      cells: found.kind === 'wrong' ? [...found.cells] : [],
      backEnd: found.held?.backEnd ?? null,
    })
  } catch (error) {
    if (run.signal.aborted) return
    const message = error instanceof Error ? error.message : String(error)
    run.customer.log.info('A result could not be looked at.', { task: facts.task, node: facts.node, message })
    if (late)
      await run.note({
        task: facts.task,
        node: facts.node,
        verdict: 'wrong',
        reason: `it did not show its result: ${message}`,
        cells: [],
        backEnd: null,
      })
  }
}

async function look(
  run: JobRun,
  snapshot: Snapshot,
  facts: DrawnTask,
  unit: RenderUnit,
  roots: RevealedRoots,
): Promise<Verification & { held?: HeldResult }> {
  const { jobId, secret } = run.journal()
  const ask = await run.ask(facts.node)
  const held = await fetchResult(ask, jobId, unit, roots)
  if ('fault' in held) return { kind: 'wrong', reason: held.fault, cells: [] }
  await run.folder.holdResult(facts.task, held)
  // Replicas committed before either was shown: the same root is the same picture, and one look is enough.
  if (sameAsRight(run, snapshot, facts, roots)) return { kind: 'right', cellsChecked: 0, held }
  const engine = await run.engine()
  const found = await verifyResult({
    ...{ ask, jobId, unit, held, task: facts.task, secret: getBytes(secret), ownBackEnd: engine.scene.backEnd },
    renderOwn: async (part, cells) => (await engine.render({ unit: part, cells, signal: run.signal })).sums,
  })
  return { ...found, held }
}

function sameAsRight(run: JobRun, snapshot: Snapshot, facts: DrawnTask, roots: RevealedRoots): boolean {
  const unit = Math.floor(facts.task / snapshot.job.terms.replicas)
  return tasksOfUnit(snapshot, unit).some(
    (other) =>
      other.task !== facts.task &&
      noteOf(run, other)?.verdict === 'right' &&
      snapshot.roots.get(other.task)?.resultRoot === roots.resultRoot,
  )
}

/** Costs a bond until a panel has decided, which looks at the cells that are named. */
async function reject(run: JobRun, facts: DrawnTask): Promise<void> {
  const { jobId, job, replicas, secret } = run.journal()
  const { task } = facts
  const unit = unitOf(job, Math.floor(task / replicas))
  const count = countCells(unit)
  const seen = noteOf(run, facts)?.cells ?? []
  // Where the bytes themselves were wrong no cell was compared: the panel gets those that would have been.
  const cells = seen.length > 0 ? seen : drawCells(getBytes(secret), task, count).slice(0, openingsAllowed(count))
  await run.ensureAllowance(await readRenderBond(run.customer.chain, jobId))
  await run.send(encodeRejectRender(run.customer.chain.network, { jobId, task, cells }))
}
