import { samplesPerBlock } from '../../../roles/render/protocol/render-job.ts'
import type { EngineClient } from '../../../roles/render/surface/engine-client.ts'
import * as scenes from './analytic-scenes.ts'
import * as expected from './expected.ts'
import { generousLimits, jobOf, unitOf } from './open-engine.ts'
import { tell } from './tell.ts'

/** Mean and standard error over blocks, which are independent of each other. */
type Estimate = { readonly mean: number; readonly error: number }

const deviations = 4

function estimate(values: readonly number[]): Estimate {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1)
  return { mean, error: Math.sqrt(variance / values.length) }
}

/** The picture's blocks, each on its own: linear radiance, three numbers a pixel. */
async function renderBlocks(
  engine: EngineClient,
  scene: Uint8Array<ArrayBuffer>,
  o: { side: number; blocks: number; maxBounces: number },
): Promise<Float32Array[]> {
  const job = jobOf(scene, { ...o, samples: o.blocks * samplesPerBlock })
  await engine.load({ scene, job, limits: generousLimits, backEnd: null })
  const blocks: Float32Array[] = []
  for (let firstBlock = 0; firstBlock < o.blocks; firstBlock++) {
    const { sums } = await engine.render({ unit: unitOf(o.side, { firstBlock }) })
    blocks.push(sums.map((value) => value / samplesPerBlock))
  }
  return blocks
}

const average = (values: Float32Array): number => values.reduce((sum, value) => sum + value, 0) / values.length

type Check = {
  readonly name: string
  readonly scene: Uint8Array<ArrayBuffer>
  readonly maxBounces: number
  readonly expected: number
  /** What the model itself leaves out, as a share of the expected value. */
  readonly bias?: number
}

/** Rough metal and smooth glass follow microfacets with a least roughness, which takes a little light away. */
const checks: readonly Check[] = [
  { name: 'furnace, matt sheet', scene: scenes.furnaceSheet(scenes.lambert(0.5)), maxBounces: 4, expected: 0.5 },
  ...[0.2, 0.5, 1].map((roughness) => ({
    name: `furnace, white metal of roughness ${roughness}`,
    scene: scenes.furnaceSheet({ pbrMetallicRoughness: { metallicFactor: 1, roughnessFactor: roughness } }),
    maxBounces: 4,
    expected: expected.metalReflectance(roughness),
  })),
  { name: 'furnace, clear glass ball', scene: scenes.furnaceGlass(), maxBounces: 32, expected: 1, bias: 0.002 },
  {
    name: 'glowing box from inside',
    scene: scenes.glowingBox(),
    maxBounces: 8,
    expected: expected.glowingBoxRadiance(8),
  },
  {
    name: 'floor under a square lamp',
    scene: scenes.lampOverFloor(),
    maxBounces: 2,
    expected: expected.lampOverFloorRadiance(),
  },
  {
    name: 'floor under a point',
    scene: scenes.pointOverFloor(),
    maxBounces: 2,
    expected: expected.pointOverFloorRadiance(),
  },
]

async function checkOne(engine: EngineClient, check: Check): Promise<void> {
  const blocks = await renderBlocks(engine, check.scene, { side: 32, blocks: 12, maxBounces: check.maxBounces })
  const { mean, error } = estimate(blocks.map(average))
  const allowed = deviations * error + check.expected * (1e-5 + (check.bias ?? 0))
  tell({
    figure: `distance from the known value, in parts of the interval: ${check.name}`,
    value: Math.abs(mean - check.expected) / allowed,
    unit: 'share',
    target: { atMost: 1 },
    details: { rendered: mean, expected: check.expected, standardError: error },
  })
}

/** Regions of the Cornell room against the plain second path tracer; 48 comparisons, so the largest of them is judged. */
async function checkCornell(engine: EngineClient): Promise<void> {
  const [grid, side, blocks, edges] = [4, 32, 16, 5]
  const pictures = await renderBlocks(engine, scenes.cornellRoom(), { side, blocks, maxBounces: edges })
  const reference = expected.cornellReference({ grid, paths: 40_000, edges })
  const cell = side / grid
  let largest = 0
  for (let region = 0; region < grid * grid; region++) {
    for (let color = 0; color < 3; color++) {
      const { mean, error } = estimate(
        pictures.map((picture) => regionMean(picture, { region, color, grid, side, cell })),
      )
      const other = reference.error[region * 3 + color]!
      const distance = Math.abs(mean - reference.mean[region * 3 + color]!) / Math.hypot(error, other, 1e-4)
      largest = Math.max(largest, distance)
    }
  }
  tell({
    figure: 'Cornell room against a second path tracer: largest of 48 distances, in standard errors',
    value: largest,
    unit: 'standard errors',
    // Sixteen blocks give few degrees of freedom: Student's t at 1 in 100 over 48 comparisons.
    target: { atMost: 4.6 },
  })
}

function regionMean(
  picture: Float32Array,
  o: { region: number; color: number; grid: number; side: number; cell: number },
): number {
  let sum = 0
  for (let y = 0; y < o.cell; y++) {
    for (let x = 0; x < o.cell; x++) {
      const [column, row] = [(o.region % o.grid) * o.cell + x, Math.floor(o.region / o.grid) * o.cell + y]
      sum += picture[(row * o.side + column) * 3 + o.color]!
    }
  }
  return sum / o.cell ** 2
}

/** Is the light right? Scenes with a known answer, and a room against a second implementation. */
export async function checkCorrectness(engine: EngineClient): Promise<void> {
  for (const check of checks) await checkOne(engine, check)
  await checkCornell(engine)
}
