import {
  encodeStopWork,
  encodeTakeWork,
  readRenderWorker,
  type Chain,
  type RenderTiming,
} from '../../../contracts/client/index.ts'
import type { RoleContext } from '../../api/worker.ts'

export type TakeWorkParts = {
  readonly context: Pick<RoleContext, 'start' | 'sign' | 'submit' | 'log'>
  readonly chain: Chain
  readonly timing: RenderTiming
  /** Most tasks at a time. */
  readonly capacity: number
  /** As the chain numbers back ends; null while nothing can be rendered here. */
  backEndClass(): number | null
  /** False while the governor, a stop or a missing surface lets nothing in. */
  willing(): boolean
}

/** Renewed when less than this share of the time is left, so that a home that sleeps leaves the pool soon, and one that does not never does. */
const renewShare = 0.5

/**
 * Keeps the node in the pool of those who are drawn while it is willing, and takes it out when it is not. Each call looks once; resolves to whether the node
 * is in.
 */
export async function keepInPool(parts: TakeWorkParts, nowSeconds: number, signal: AbortSignal): Promise<boolean> {
  const { context, chain, timing } = parts
  const { node } = context.start
  const worker = await readRenderWorker(chain, node)
  const left = worker.inPool ? worker.untilSeconds - nowSeconds : 0
  const backEndClass = parts.backEndClass()
  if (!parts.willing() || backEndClass === null) {
    if (left > 0) await stopWork(parts, worker.untilSeconds, signal)
    return false
  }
  const same = worker.backEndClass === backEndClass && worker.capacity === parts.capacity
  if (same && left > renewShare * timing.expirySeconds) return true
  // Strictly more than before, and no further than a node may sign for.
  const untilSeconds = Math.max(nowSeconds + timing.expirySeconds - clockSlackSeconds(timing), worker.untilSeconds + 1)
  const signature = await context.sign(
    { kind: 'takeWork', backEndClass, capacity: parts.capacity, untilSeconds },
    { signal },
  )
  const call = encodeTakeWork(chain.network, { node, backEndClass, capacity: parts.capacity, untilSeconds, signature })
  await context.submit({ purpose: 'renderPool', to: call.to, data: call.data }, { signal })
  context.log.debug('In the pool of render nodes.', { untilSeconds })
  return true
}

/** The block that takes it may be a little older than the clock here. */
function clockSlackSeconds(timing: RenderTiming): number {
  return Math.min(10, Math.floor(timing.expirySeconds / 10))
}

async function stopWork(parts: TakeWorkParts, untilSeconds: number, signal: AbortSignal): Promise<void> {
  const { context, chain } = parts
  const signature = await context.sign({ kind: 'stopWork', untilSeconds }, { signal })
  const call = encodeStopWork(chain.network, { node: context.start.node, signature })
  await context.submit({ purpose: 'renderPool', to: call.to, data: call.data }, { signal })
}
