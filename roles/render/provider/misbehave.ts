import type { RenderOptions } from '../surface/engine-client.ts'
import type { JobEngine } from '../surface/job-engine.ts'

/**
 * How a node of the practice network cheats, so that a newcomer sees a cheat being caught. `halfSamples`: works half as long and counts each sample
 * twice, which looks right to the eye.
 */
export type Misbehaviour = 'halfSamples'

/** Renders less than was asked for and hands it in as the whole. Never used unless the practice network asks for it. */
export async function renderDishonestly(
  engine: Pick<JobEngine, 'render'>,
  _misbehaviour: Misbehaviour,
  options: RenderOptions,
): Promise<{ sums: Float32Array; renderMs: number }> {
  const { unit } = options
  if (unit.blockCount > 1) {
    const half = { ...unit, blockCount: unit.blockCount / 2 }
    const { sums, renderMs } = await engine.render({ ...options, unit: half })
    return { sums: sums.map((sum) => 2 * sum), renderMs }
  }
  // One block cannot be halved: it hands in other samples than those it was asked for.
  return engine.render({ ...options, unit: { ...unit, firstBlock: unit.firstBlock + 1 } })
}
