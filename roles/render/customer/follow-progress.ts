import { countUnits, unitOf } from '../protocol/plan-units.ts'
import { samplesPerBlock } from '../protocol/render-job.ts'
import type { UnitProgress } from '../protocol/frames.ts'
import type { Preview } from '../protocol/watermark.ts'
import { mapParallel } from '../../upkeep/map-parallel.ts'
import type { JobRun, Snapshot } from './job-run.ts'

/** How far a job is, for a person who waits. */
export type RenderProgress = {
  readonly unitsDone: number
  readonly unitsTotal: number
  readonly unitsDrawn: number
  /** Pixel samples of the whole, counted once however many nodes render them. */
  readonly share: number
  /** Nodes that render now. */
  readonly nodes: number
  /** Why nothing happens, where nothing does. */
  readonly waitingFor: string | null
  /** A watermarked part of the picture, as one of the nodes shows it. */
  readonly preview: { readonly unit: number; readonly picture: Preview } | null
}

export type ProgressKnown = {
  readonly have: ReadonlySet<number>
  readonly waitingFor: string | null
  readonly troubles: ReadonlyMap<string, string>
}

const parallelNodes = 8

/** Asks the nodes that have something to render how far they are, and tells it. Nodes that do not answer count as having done nothing. */
export async function followProgress(
  run: JobRun,
  snapshot: Snapshot,
  known: ProgressKnown,
  tell: ((progress: RenderProgress) => void) | undefined,
): Promise<void> {
  if (tell === undefined) return
  const { job, jobId } = run.journal()
  const { replicas } = snapshot.job.terms
  const open = new Map<string, number[]>()
  for (const { node, task, state } of snapshot.tasks) {
    if (state === 'drawn') open.set(node, [...(open.get(node) ?? []), Math.floor(task / replicas)])
  }
  const answers = await mapParallel(
    [...open],
    parallelNodes,
    async ([node, units]): Promise<readonly UnitProgress[]> => {
      try {
        return await (await run.ask(node)).progress(jobId, units.slice(0, 64))
      } catch {
        return []
      }
    },
  )
  const total = countUnits(job)
  const best = new Map<number, number>()
  for (const { unit, samplesDone, samplesTotal } of answers.flat()) {
    if (samplesTotal > 0) best.set(unit, Math.max(best.get(unit) ?? 0, samplesDone / samplesTotal))
  }
  const shares = Array.from({ length: snapshot.job.drawnUnits }, (_unused, unit) => {
    const { width, height, blockCount } = unitOf(job, unit)
    const handedIn = !snapshot.tasks
      .slice(unit * replicas, (unit + 1) * replicas)
      .some(({ state }) => state === 'drawn')
    const done = known.have.has(unit) || handedIn ? 1 : (best.get(unit) ?? 0)
    return done * width * height * blockCount * samplesPerBlock
  })
  const whole = job.width * job.height * job.samples * job.frames.count
  const rendering = answers.flat().find(({ state }) => state === 'rendering')
  const [troubled] = known.troubles.values()
  tell({
    ...{ unitsDone: known.have.size, unitsTotal: total, unitsDrawn: snapshot.job.drawnUnits },
    share: Math.min(1, shares.reduce((sum, share) => sum + share, 0) / whole),
    nodes: answers.filter((units) => units.some(({ state }) => state === 'rendering')).length,
    waitingFor: troubled ?? known.waitingFor,
    preview: rendering === undefined ? null : await previewOf(run, open, rendering.unit),
  })
}

async function previewOf(
  run: JobRun,
  open: ReadonlyMap<string, number[]>,
  unit: number,
): Promise<RenderProgress['preview']> {
  const [node] = [...open].find(([, units]) => units.includes(unit)) ?? []
  if (node === undefined) return null
  try {
    const picture = await (await run.ask(node)).preview(run.journal().jobId, unit)
    return picture === null ? null : { unit, picture }
  } catch {
    return null
  }
}
