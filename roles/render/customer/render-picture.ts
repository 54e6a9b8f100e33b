import { randomBytes } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { formatEther, hexlify } from 'ethers'
import {
  countRenderJobs,
  encodePostRenderJob,
  readLatestBlock,
  readRenderJob,
  readRenderTiming,
  readTokenBalance,
  renderJobId,
} from '../../../contracts/client/index.ts'
import { CancelledError, HearthError } from '../../api/errors.ts'
import { assemblePicture } from '../protocol/assemble-picture.ts'
import { countUnits, unitsOfFrame } from '../protocol/plan-units.ts'
import type { Patience } from '../surface/engine-channel.ts'
import { advanceDisputes } from './advance-disputes.ts'
import { createAnnouncer } from './announce-job.ts'
import { collectUnits } from './collect-units.ts'
import type { RenderCustomer } from './context.ts'
import { drawUnits } from './draw-units.ts'
import { TooDearError } from './errors.ts'
import { createJobRun, readSnapshot, type JobRun, type Snapshot } from './job-run.ts'
import { openJobFolder, readJournal, type JobFolder, type Journal } from './journal.ts'
import { judgeTasks } from './judge-tasks.ts'
import { createLanes } from './lanes.ts'
import { planJob, sceneHash, termsOf, type Picture } from './plan-job.ts'
import { priceOfUnit } from './prices.ts'
import { followProgress, type RenderProgress } from './follow-progress.ts'
import { settleJob } from './settle-job.ts'
import { surveyPool } from './survey-pool.ts'
import { writeFrame, type FrameFiles } from './write-pictures.ts'

export type RenderOptions = {
  readonly scene: Uint8Array<ArrayBuffer>
  readonly picture: Picture
  /** Nodes that render each unit, 1 to 3. */
  readonly replicas: number
  /** Most that the whole may cost, null for whatever it costs. */
  readonly maxPriceWei: bigint | null
  readonly outFolder: string
  readonly unitSeconds?: number
  readonly commitSeconds?: number
  /** How long to wait at the end for what is still open, to take the rest of the escrow back. */
  readonly settleSeconds?: number
  readonly patience?: Patience
  readonly onProgress?: (progress: RenderProgress) => void
  /** An earlier try is gone on with. */
  readonly onContinue?: (unitsDone: number, unitsTotal: number) => void
  readonly signal: AbortSignal
}

/** What came of it. */
export type RenderSummary = {
  readonly jobId: string
  readonly frames: readonly FrameFiles[]
  readonly units: number
  /** Rendered here, since nobody delivered them. */
  readonly ownUnits: number
  readonly nodes: readonly { readonly node: string; readonly units: number }[]
  readonly refused: readonly { readonly node: string; readonly unit: number; readonly reason: string }[]
  readonly paidWei: bigint
  readonly gasWei: bigint
  /** False where something was still open at the end; the same command later takes the rest of the escrow back. */
  readonly settled: boolean
}

const tickMs = 1_000
/** The pictures are there by then; nobody should wait a day at a terminal for the rest of his escrow. */
const longestSettleSeconds = 150

/**
 * Has a picture rendered by the network: posts the job with its escrow, has nodes drawn, tells them the scene, looks at secretly drawn cells of every result,
 * accepts what agrees, opens it with the key that comes with the pay, and writes frames as they are done. A try that was killed is
 * gone on with where it was, and pays nothing twice.
 */
export async function renderPicture(customer: RenderCustomer, options: RenderOptions): Promise<RenderSummary> {
  const folder = openJobFolder(customer.dataDirectory, requestOf(customer, options))
  const journal = (await goOn(customer, folder)) ?? (await postJob(customer, folder, options))
  const run = createJobRun({ ...(await partsOf(customer, folder, options)), journal })
  try {
    const frames = await untilRendered(run, options)
    const settled = await settleJob(
      run,
      options.settleSeconds ??
        Math.min(longestSettleSeconds, run.timing.silenceSeconds + run.timing.revealSeconds + 60),
    )
    const summary = await summarize(run, frames, settled)
    if (settled) await folder.remove()
    return summary
  } finally {
    run.close()
  }
}

/** The same words ask for the same job, so that the same command goes on with it. */
function requestOf(customer: RenderCustomer, o: RenderOptions): string {
  const { chainId, contracts } = customer.chain.network
  const words = [
    chainId,
    contracts.RenderMarket,
    sceneHash(o.scene),
    JSON.stringify(o.picture),
    o.replicas,
    o.outFolder,
  ]
  return sceneHash(new TextEncoder().encode(words.join('\n')))
}

/** The journal of an earlier try whose job is on chain; null where there is none or its job never landed. */
async function goOn(customer: RenderCustomer, folder: JobFolder): Promise<Journal | null> {
  const journal = await readJournal(folder)
  if (journal === null) return null
  const facts = await readRenderJob(customer.chain, journal.jobId)
  if (facts !== null && facts.terms.specHash === termsOf(journalPlan(journal), 0n, journal.replicas).specHash)
    return journal
  await folder.remove()
  return null
}

function journalPlan({ job, backEnd, commitSeconds, unitKilosamples }: Journal) {
  return { job, backEnd, commitSeconds, unitKilosamples }
}

async function postJob(customer: RenderCustomer, folder: JobFolder, o: RenderOptions): Promise<Journal> {
  const { chain, wallet } = customer
  const { pool, scores, ownBackEnds } = await surveyPool(customer, o)
  const plan = planJob(o.picture, o.scene, pool, ownBackEnds, scores, o)
  const { gasPrice } = await chain.provider.getFeeData()
  const nativeWeiPerToken = BigInt(chain.network.nativeWeiPerToken)
  const pricePerUnitWei = priceOfUnit({ ...plan, gasPriceWei: gasPrice ?? 0n, nativeWeiPerToken })
  const totalWei = pricePerUnitWei * BigInt(countUnits(plan.job) * o.replicas)
  await checkPrice(customer, totalWei, o.maxPriceWei)
  const number = await countRenderJobs(chain, wallet.address)
  const journal: Journal = {
    ...{
      formatVersion: 1,
      request: requestOf(customer, o),
      job: plan.job,
      number,
      replicas: o.replicas,
      backEnd: plan.backEnd,
    },
    ...{ jobId: renderJobId(wallet.address, number), postedAtBlock: (await readLatestBlock(chain)).number },
    ...{
      pricePerUnitWei: pricePerUnitWei.toString(),
      commitSeconds: plan.commitSeconds,
      unitKilosamples: plan.unitKilosamples,
    },
    ...{ secret: hexlify(randomBytes(32)), gasWei: '0', tasks: [], ownUnits: [] },
  }
  // Before any money moves: a kill from here on finds the job by its number.
  await folder.save(journal)
  const run = createJobRun({ ...(await partsOf(customer, folder, o)), journal })
  await run.ensureAllowance(totalWei)
  await run.send(encodePostRenderJob(chain.network, termsOf(plan, pricePerUnitWei, o.replicas)))
  return run.journal()
}

async function partsOf(customer: RenderCustomer, folder: JobFolder, { scene, signal, patience }: RenderOptions) {
  const timing = await readRenderTiming(customer.chain)
  return { customer, folder, scene, signal, timing, ...(patience === undefined ? {} : { patience }) }
}

async function checkPrice(customer: RenderCustomer, totalWei: bigint, maxPriceWei: bigint | null): Promise<void> {
  const { symbol } = customer.chain.network
  if (maxPriceWei !== null && totalWei > maxPriceWei)
    throw new TooDearError(
      `Rendering this costs ${formatEther(totalWei)} ${symbol}, more than the ${formatEther(maxPriceWei)} ${symbol} that were allowed.`,
    )
  const balanceWei = await readTokenBalance(customer.chain, customer.wallet.address)
  if (balanceWei < totalWei)
    throw new HearthError(
      'NOT_ENOUGH_TOKENS',
      `Rendering this costs ${formatEther(totalWei)} ${symbol}; this account has ${formatEther(balanceWei)}.`,
      {
        action: `Send ${symbol} to ${customer.wallet.address}, or ask for less.`,
      },
    )
}

/** Works until every frame is written. Rejects with CancelledError when the signal fires; all is kept for the next try. */
async function untilRendered(run: JobRun, options: RenderOptions): Promise<FrameFiles[]> {
  const { signal } = run
  const announcer = createAnnouncer(run)
  const have = new Set<number>()
  const frames = new Map<number, FrameFiles>()
  const lanes = createLanes((name, error) => {
    if (!signal.aborted)
      run.customer.log.warn('A step of the job failed; it is tried again.', { name, error: String(error) })
  })
  let waitingFor: string | null = null
  const { job } = run.journal()
  const first = await collectUnits(run, await readSnapshot(run), have)
  first.forEach((unit) => have.add(unit))
  if (first.length > 0) options.onContinue?.(first.length, countUnits(job))
  const step = (snapshot: Snapshot): void => {
    lanes.start('announce', () => announcer.announce(snapshot))
    lanes.start('draw', async () => {
      waitingFor = await drawUnits(run, snapshot)
    })
    lanes.start('judge', () => judgeTasks(run, snapshot))
    lanes.start('disputes', () => advanceDisputes(run, snapshot))
    lanes.start('collect', async () => {
      for (const unit of await collectUnits(run, snapshot, have)) have.add(unit)
      await writeFrames(run, options.outFolder, have, frames)
    })
    lanes.start('progress', () =>
      followProgress(run, snapshot, { have, waitingFor, troubles: announcer.troubles() }, options.onProgress),
    )
  }
  try {
    while (frames.size < job.frames.count) {
      if (signal.aborted) throw new CancelledError('Rendering')
      await readSnapshot(run).then(step, (error: unknown) =>
        run.customer.log.warn('The chain did not answer.', { error: String(error) }),
      )
      await wait(tickMs, undefined, { signal }).catch(() => undefined)
    }
  } finally {
    await lanes.idle()
  }
  return [...frames].sort(([left], [right]) => left - right).map(([, files]) => files)
}

/** Writes every frame of which all units are there and which was not written yet in this try. */
async function writeFrames(
  run: JobRun,
  folder: string,
  have: ReadonlySet<number>,
  frames: Map<number, FrameFiles>,
): Promise<void> {
  const { job } = run.journal()
  for (let frame = 0; frame < job.frames.count; frame++) {
    if (frames.has(frame) || ![...unitsOfFrame(job, frame)].every(({ index }) => have.has(index))) continue
    const picture = await assemblePicture(job, frame, async (unit) => {
      const sums = await run.folder.sums(unit.index)
      if (sums === null) throw new Error(`The sums of unit ${unit.index} are gone.`)
      return sums
    })
    frames.set(frame, await writeFrame(folder, frame, picture, job))
  }
}

async function summarize(run: JobRun, frames: readonly FrameFiles[], settled: boolean): Promise<RenderSummary> {
  const { jobId, job, tasks, replicas, pricePerUnitWei, gasWei, ownUnits } = run.journal()
  const snapshot = await readSnapshot(run)
  const paid = snapshot.tasks.filter(({ state }) => state === 'paid')
  const nodes = new Map<string, number>()
  for (const { node } of paid) nodes.set(node, (nodes.get(node) ?? 0) + 1)
  return {
    ...{ jobId, frames, settled, units: countUnits(job), ownUnits: ownUnits.length },
    nodes: [...nodes].map(([node, units]) => ({ node, units })),
    refused: tasks
      .filter(({ verdict }) => verdict === 'wrong')
      .map(({ node, task, reason }) => ({ node, unit: Math.floor(task / replicas), reason: reason ?? '' })),
    paidWei: BigInt(pricePerUnitWei) * BigInt(paid.length),
    gasWei: BigInt(gasWei),
  }
}
