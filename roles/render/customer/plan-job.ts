import { createHash, randomBytes } from 'node:crypto'
import { hexlify } from 'ethers'
import {
  classOfBackEnd,
  renderBackEnds,
  type RenderJobTerms,
  type RenderWorker,
} from '../../../contracts/client/index.ts'
import { hashSpec } from '../protocol/canonical-json.ts'
import type { BackEnd } from '../protocol/engine-messages.ts'
import { countUnits } from '../protocol/plan-units.ts'
import { samplesPerBlock, type RenderJob } from '../protocol/render-job.ts'
import { sizeUnits, unitSeconds } from '../protocol/size-units.ts'
import { toleranceOf } from '../protocol/tolerances.ts'
import { NobodyRendersError } from './errors.ts'

/** What somebody wants rendered. */
export type Picture = {
  readonly width: number
  readonly height: number
  /** A multiple of 8. */
  readonly samples: number
  readonly frames: number
  readonly framesPerSecond: number
  readonly camera: number | null
  readonly maxBounces: number
}

export type PlanOptions = {
  readonly replicas: number
  /** Aim of a unit's time; shorter on a practice network, where a newcomer waits for the first one. */
  readonly unitSeconds?: number
  /** Time from the draw to the commitment; by default what a slow machine may need. */
  readonly commitSeconds?: number
}

/** A job that can be posted. */
export type JobPlan = {
  readonly job: RenderJob
  readonly backEnd: BackEnd
  readonly commitSeconds: number
  readonly unitKilosamples: number
}

/** What a slow machine may take longer than was thought, before its time is over. */
const lateFactor = 4
/** Sending the scene, opening a window, compiling: before the first sample. */
const setUpSeconds = 90
/** Nothing is known of a node without accepted work: a processor that plays the graphics card, not a fast one. */
const unknownMegasamplesPerSecond = 0.3

/**
 * Chooses the back end in which most nodes of the pool work (and that can be compared with our own), and cuts the picture so that a
 * unit takes the slower ones about half a minute. Throws NobodyRendersError.
 */
export function planJob(
  picture: Picture,
  scene: Uint8Array,
  pool: readonly RenderWorker[],
  ownBackEnds: readonly BackEnd[],
  scores: readonly number[],
  options: PlanOptions,
): JobPlan {
  const backEnd = chooseBackEnd(pool, ownBackEnds, options.replicas)
  const slow = [...scores].sort((left, right) => left - right)[scores.length >> 2] ?? unknownMegasamplesPerSecond
  const seconds = options.unitSeconds ?? unitSeconds
  const size = sizeUnits(picture, { megasamplesPerSecond: slow, seconds })
  const samples = size.tile.width * size.tile.height * size.blocksPerUnit * samplesPerBlock
  const { width, height, camera, maxBounces } = picture
  const job: RenderJob = {
    ...{ formatVersion: 1, engine: 'hearth-pathtracer-1', sceneHash: sceneHash(scene), sceneBytes: scene.length },
    ...{ width, height, samples: picture.samples, camera, maxBounces, ...size },
    frames: { count: picture.frames, perSecond: picture.framesPerSecond, startSeconds: 0 },
    seed: randomBytes(4).readUInt32BE(),
  }
  const expected = Math.max(seconds, samples / (slow * 1e6))
  return {
    ...{ job, backEnd, unitKilosamples: Math.max(1, Math.floor(samples / 1000)) },
    commitSeconds: options.commitSeconds ?? Math.ceil(setUpSeconds + lateFactor * expected),
  }
}

/** SHA-256 of a scene file as the job names it. */
export function sceneHash(scene: Uint8Array): string {
  return `0x${createHash('sha256').update(scene).digest('hex')}`
}

function chooseBackEnd(pool: readonly RenderWorker[], own: readonly BackEnd[], replicas: number): BackEnd {
  const operators = new Map<BackEnd, Set<string>>()
  for (const worker of pool) {
    const backEnd = renderBackEnds[worker.backEndClass]
    if (!worker.inPool || backEnd === undefined) continue
    if (own.every((candidate) => toleranceOf(candidate, backEnd) === null)) continue
    operators.set(backEnd, (operators.get(backEnd) ?? new Set()).add(worker.operator.toLowerCase()))
  }
  const [most] = [...operators].sort(([, left], [, right]) => right.size - left.size)
  if (most === undefined || most[1].size < replicas) {
    const found = most?.[1].size ?? 0
    throw new NobodyRendersError(
      `${found} contributors on different accounts render now, and ${replicas} are needed.`,
      found > 0 ? 'Try again later, or ask for less with --redundancy.' : 'Try again later.',
    )
  }
  return most[0]
}

/** The job as the chain takes it. */
export function termsOf(plan: JobPlan, pricePerUnitWei: bigint, replicas: number): RenderJobTerms {
  const { job, backEnd, commitSeconds, unitKilosamples } = plan
  return {
    ...{ specHash: hexlify(hashSpec(job)), sceneHash: job.sceneHash, unitCount: countUnits(job), replicas, tier: 0 },
    ...{ backEndClass: classOfBackEnd(backEnd), commitSeconds, unitKilosamples, pricePerUnitWei },
  }
}
