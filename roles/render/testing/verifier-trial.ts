import { verifyResult } from '../customer/verify-result.ts'
import type { AskNode } from '../customer/ask-node.ts'
import { countCells, cutCell } from '../protocol/cells.ts'
import { compareCell } from '../protocol/compare-cells.ts'
import { unitOf } from '../protocol/plan-units.ts'
import { samplesPerBlock, type RenderJob, type RenderUnit } from '../protocol/render-job.ts'
import { cellsOfSums, treeOfCells } from '../protocol/result-tree.ts'
import { toleranceOf } from '../protocol/tolerances.ts'
import { toneMap } from '../protocol/tone-map.ts'
import { watermarkPreview } from '../protocol/watermark.ts'
import { renderCells, renderSums, softwareScene, type SoftwareScene } from './software-renderer.ts'
import { testJob } from './test-job.ts'

/** Ways in which a result is not what was asked for. */
export const forgeries = ['halfSamples', 'otherScene', 'otherSeed', 'stolenResult', 'watermark'] as const
export type Forgery = (typeof forgeries)[number]

/** One unit of one job, and somewhere to render it. */
export type Trial = { readonly scene: SoftwareScene; readonly job: RenderJob; readonly unit: RenderUnit }

/** A random trial of 96 x 96 pixels in a picture of nine tiles. */
export function randomTrial(random: () => number): Trial {
  const job = testJob({
    ...{ width: 288, height: 288, samples: 8, tile: { width: 96, height: 96 }, blocksPerUnit: 1 },
    ...{ seed: Math.floor(random() * 2 ** 32), frames: { count: 4, perSecond: 24, startSeconds: 0 } },
  })
  const scene = softwareScene(Uint8Array.from({ length: 8 }, () => random() * 256))
  return { scene, job, unit: unitOf(job, Math.floor(random() * 36)) }
}

/** A trial in which this forgery changes a quarter of the cells beyond rounding; half the samples of a flat sky are the same sky, and there is nothing to find. */
export function tellingTrial(forgery: Forgery, random: () => number): { trial: Trial; forged: Float32Array } {
  for (;;) {
    const trial = randomTrial(random)
    const samples = trial.unit.blockCount * samplesPerBlock
    const [honest, forged] = [renderSums(trial.scene, trial.job, trial.unit), forge(forgery, trial, random)]
    const cells = Array.from({ length: countCells(trial.unit) }, (_unused, index) => index)
    const changed = cells.filter((index) => {
      const [ours, theirs] = [cutCell(honest, trial.unit, index), cutCell(forged, trial.unit, index)]
      return !compareCell({ index, theirs, ours }, samples, toleranceOf('webgl2', 'webgl2')!).agrees
    }).length
    if (changed >= cells.length / 4) return { trial, forged }
  }
}

/** What a forger hands in as the sums of the trial's unit. */
export function forge(forgery: Forgery, { scene, job, unit }: Trial, random: () => number): Float32Array {
  switch (forgery) {
    case 'halfSamples':
      return renderSums(scene, job, unit, { sampleShare: 0.5 })
    case 'otherScene':
      return renderSums({ seed: Math.floor(random() * 2 ** 32) }, job, unit)
    case 'otherSeed':
      return renderSums(scene, { ...job, seed: (job.seed + 1) >>> 0 }, unit)
    case 'stolenResult':
      return renderSums(scene, job, { ...unit, frame: (unit.frame + 1) % job.frames.count })
    case 'watermark':
      return fromPreview(scene, job, unit)
  }
}

/** The preview that a node gives away, blown up again to sums: what is left of the light in eight bits. */
function fromPreview(scene: SoftwareScene, job: RenderJob, unit: RenderUnit): Float32Array {
  const samples = unit.blockCount * samplesPerBlock
  const rgba = toneMap(renderSums(scene, job, unit), samples)
  const preview = watermarkPreview({ width: unit.width, height: unit.height, rgba })
  return Float32Array.from({ length: unit.width * unit.height * 3 }, (_unused, at) => {
    const code = preview.rgba[4 * Math.floor(at / 3) + (at % 3)]! / 255
    return samples * (code <= 0.04045 ? code / 12.92 : ((code + 0.055) / 1.055) ** 2.4)
  })
}

/** Whether a customer would accept these sums: the production code, with a node that shows what it is asked for. */
export async function isAccepted(sums: Float32Array, trial: Trial, secret: Uint8Array): Promise<boolean> {
  const { scene, job, unit } = trial
  const cells = cellsOfSums(sums, unit)
  const tree = treeOfCells(cells)
  const open: AskNode['open'] = (_jobId, _unit, asked) =>
    Promise.resolve(asked.map((index) => ({ index, bytes: cells[index]!, proof: tree.prove(index) })))
  const verdict = await verifyResult({
    ...{
      ask: { open } as AskNode,
      jobId: `0x${'00'.repeat(32)}`,
      unit,
      task: unit.index,
      secret,
      ownBackEnd: 'webgl2',
    },
    held: { ciphertext: new Uint8Array(0), cellHashes: tree.cellHashes, backEnd: 'webgl2' },
    renderOwn: (part, asked) => Promise.resolve(renderCells(scene, job, part, asked)),
  })
  return verdict.kind === 'right'
}

/** Differences of rounding that two honest drivers may have: relatively, per sample. About what llvmpipe's WebGL2 and WebGPU differ by. */
export const honestRounding = 2e-6

export type VerifierCounts = {
  readonly forged: Readonly<Record<Forgery, { readonly tried: number; readonly accepted: number }>>
  readonly honest: { readonly tried: number; readonly refused: number }
}

/** Tries so many forged results (of all kinds in turn) and so many honest ones. */
export async function runVerifierTrials(count: number, random: () => number): Promise<VerifierCounts> {
  const forged = Object.fromEntries(forgeries.map((name) => [name, { tried: 0, accepted: 0 }])) as Record<
    Forgery,
    { tried: number; accepted: number }
  >
  const secret = (): Uint8Array => Uint8Array.from({ length: 32 }, () => random() * 256)
  let refused = 0
  for (let round = 0; round < count; round++) {
    const forgery = forgeries[round % forgeries.length]!
    const { trial, forged: sums } = tellingTrial(forgery, random)
    forged[forgery].tried++
    if (await isAccepted(sums, trial, secret())) forged[forgery].accepted++
    const honest = renderSums(trial.scene, trial.job, trial.unit, { rounding: honestRounding })
    if (!(await isAccepted(honest, trial, secret()))) refused++
  }
  return { forged, honest: { tried: count, refused } }
}
