import { getBytes, hexlify } from 'ethers'
import { ContractCallError, encodeProveBadRenderKey } from '../../../contracts/client/index.ts'
import { channels, countCells, pasteCell, sumsOfBytes } from '../protocol/cells.ts'
import { unitOf } from '../protocol/plan-units.ts'
import type { RenderUnit } from '../protocol/render-job.ts'
import { buildResultTree, treeOfCells } from '../protocol/result-tree.ts'
import { openCiphertext, splitCiphertext } from '../protocol/seal-result.ts'
import { mostDraws } from './draw-units.ts'
import { tasksOfUnit, type DrawnTask, type JobRun, type Snapshot } from './job-run.ts'
import { fetchResult, type HeldResult } from './verify-result.ts'

/** Opens what was paid for, and renders here what nobody delivered. Resolves to the units whose sums are on disk. */
export async function collectUnits(run: JobRun, snapshot: Snapshot, have: ReadonlySet<number>): Promise<number[]> {
  const collected: number[] = []
  for (let index = 0; index < snapshot.job.drawnUnits && !run.signal.aborted; index++) {
    if (have.has(index)) continue
    if ((await run.folder.hasSums(index)) || (await collect(run, snapshot, index))) collected.push(index)
  }
  return collected
}

async function collect(run: JobRun, snapshot: Snapshot, index: number): Promise<boolean> {
  const { job } = run.journal()
  const unit = unitOf(job, index)
  const tasks = tasksOfUnit(snapshot, index)
  for (const facts of tasks) {
    const key = snapshot.keys.get(facts.task)
    if (facts.state === 'paid' && key !== undefined && (await open(run, snapshot, facts, unit, getBytes(key))))
      return true
  }
  const over = tasks.every(({ state }) => state === 'missed' || state === 'refused' || state === 'paid')
  const drawnOften = (snapshot.units[index]?.draws ?? 0) >= mostDraws
  // Paid, but by a key that opens nothing: the contract draws no unit anew that was paid for.
  const paid = tasks.some(({ state }) => state === 'paid')
  if (!over || (!paid && !drawnOften)) return false
  await renderHere(run, unit)
  return true
}

/** Opens a paid result. False where it is not what was committed to; that is proven on chain. */
async function open(
  run: JobRun,
  snapshot: Snapshot,
  facts: DrawnTask,
  unit: RenderUnit,
  key: Uint8Array,
): Promise<boolean> {
  const note = run.journal().tasks.find((candidate) => candidate.task === facts.task && candidate.node === facts.node)
  if (note?.verdict === 'wrong') return false
  const held = await heldOrFetched(run, snapshot, facts, unit)
  if (held === null) return false
  const hidden = splitCiphertext(held.ciphertext, unit)
  const opened = openCiphertext(hidden, key, held.cellHashes)
  if (opened.kind === 'badKey') {
    await proveBadKey(run, snapshot, facts, { key, held, hidden, cell: opened.cell })
    return false
  }
  const sums = new Float32Array(unit.width * unit.height * channels)
  opened.cells.forEach((bytes, cell) => pasteCell(sums, unit, cell, sumsOfBytes(bytes)))
  await run.folder.keepSums(unit.index, sums)
  return true
}

async function heldOrFetched(
  run: JobRun,
  snapshot: Snapshot,
  facts: DrawnTask,
  unit: RenderUnit,
): Promise<HeldResult | null> {
  const { backEnd, jobId } = run.journal()
  const held = await run.folder.heldResult(facts.task, countCells(unit), backEnd)
  if (held !== null) return held
  const roots = snapshot.roots.get(facts.task)
  if (roots === undefined) return null
  try {
    const fetched = await fetchResult(await run.ask(facts.node), jobId, unit, roots)
    return 'fault' in fetched ? null : fetched
  } catch (error) {
    run.customer.log.info('A paid result could not be fetched yet.', { task: facts.task, error: String(error) })
    return null
  }
}

async function proveBadKey(
  run: JobRun,
  snapshot: Snapshot,
  facts: DrawnTask,
  o: { key: Uint8Array; held: HeldResult; hidden: readonly Uint8Array[]; cell: number },
): Promise<void> {
  const { resultRoot, cipherRoot } = snapshot.roots.get(facts.task)!
  const release = { task: facts.task, resultRoot, cipherRoot, key: hexlify(o.key) }
  const bad = {
    cell: o.cell,
    cipherBytes: o.hidden[o.cell]!,
    cipherProof: treeOfCells(o.hidden)
      .prove(o.cell)
      .map((sibling) => hexlify(sibling)),
    resultHash: hexlify(o.held.cellHashes[o.cell]!),
    resultProof: buildResultTree(o.held.cellHashes)
      .prove(o.cell)
      .map((sibling) => hexlify(sibling)),
  }
  const reason = 'its key does not open what it had committed to'
  await run.note({
    task: facts.task,
    node: facts.node,
    verdict: 'wrong',
    reason,
    cells: [o.cell],
    backEnd: o.held.backEnd,
  })
  try {
    await run.send(encodeProveBadRenderKey(run.customer.chain.network, { jobId: run.journal().jobId, release, bad }))
  } catch (error) {
    if (!(error instanceof ContractCallError)) throw error
    run.customer.log.warn('The contract did not take the proof of a bad key.', { error: error.message })
  }
}

/** The last resort: the customer's own engine. */
async function renderHere(run: JobRun, unit: RenderUnit): Promise<void> {
  const engine = await run.engine()
  const { sums } = await engine.render({ unit, signal: run.signal })
  await run.folder.keepSums(unit.index, sums)
  await run.noteOwnUnit(unit.index)
}
