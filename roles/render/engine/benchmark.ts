import { samplesPerBlock, type RenderUnit } from '../protocol/render-job.ts'
import type { Engine } from './engine.ts'
import type { Pace } from './pace.ts'
import { standardScene } from './standard-scene.ts'

/** Side of the picture that is rendered over and over. */
const side = 128
const job = {
  camera: 0,
  width: side,
  height: side,
  maxBounces: 6,
  seed: 1,
  frames: { count: 1, perSecond: 1, startSeconds: 0 },
}

const blockUnit = (block: number): RenderUnit => ({
  index: block,
  frame: 0,
  x: 0,
  y: 0,
  width: side,
  height: side,
  firstBlock: block,
  blockCount: 1,
})

/**
 * Renders the standard scene for about so many seconds, after one block to warm up, and returns millions of samples a
 * second.
 */
export async function runBenchmark(
  engine: Engine,
  { seconds, pace, signal }: { seconds: number; pace: Pace; signal: AbortSignal },
): Promise<number> {
  engine.use(standardScene(), job)
  const render = (block: number): Promise<Float32Array<ArrayBuffer>> =>
    engine.render({ unit: blockUnit(block), cells: null, resume: null, pace, signal, onBlock() {}, onDraw() {} })
  await render(0)
  const startMs = performance.now()
  let blocks = 0
  while (blocks === 0 || performance.now() - startMs < seconds * 1000) await render(1 + blocks++)
  const elapsedSeconds = (performance.now() - startMs) / 1000
  return (blocks * samplesPerBlock * side * side) / 1e6 / elapsedSeconds
}
