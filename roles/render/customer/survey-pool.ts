import { listRenderWorkers, readLatestBlock, type RenderWorker } from '../../../contracts/client/index.ts'
import { mapParallel } from '../../upkeep/map-parallel.ts'
import type { BackEnd } from '../protocol/engine-messages.ts'
import { usualPatience, type Patience } from '../surface/engine-channel.ts'
import { createEngineClient } from '../surface/engine-client.ts'
import type { RenderCustomer } from './context.ts'
import { openAsk } from './job-run.ts'

/** Nodes that are asked how fast they are. */
const askedNodes = 12

/** Who renders now, how fast some of them say they are (Msamples/s), and what this customer can compare with. */
export type PoolSurvey = {
  readonly pool: readonly RenderWorker[]
  readonly scores: readonly number[]
  readonly ownBackEnds: readonly BackEnd[]
}

/** Looks at the pool and at the own graphics processor. Rejects with what the platform says where no window can be had to compare in. */
export async function surveyPool(
  customer: RenderCustomer,
  o: { patience?: Patience; signal: AbortSignal },
): Promise<PoolSurvey> {
  const [workers, head, ownBackEnds] = await Promise.all([
    listRenderWorkers(customer.chain),
    readLatestBlock(customer.chain),
    ownBackEndsOf(customer, o),
  ])
  const pool = workers.filter(({ inPool, untilSeconds }) => inPool && untilSeconds > head.timestampSeconds)
  const scores = await mapParallel(pool.slice(0, askedNodes), askedNodes, (worker) =>
    scoreOf(customer, worker, o.signal),
  )
  return { pool, scores: scores.filter((score) => score > 0), ownBackEnds }
}

async function ownBackEndsOf(
  customer: RenderCustomer,
  o: { patience?: Patience; signal: AbortSignal },
): Promise<readonly BackEnd[]> {
  const surface = await customer.openSurface({ signal: o.signal })
  const client = createEngineClient(surface, { log: customer.log, patience: o.patience ?? usualPatience })
  try {
    return (await client.probe({ signal: o.signal })).backEnds
  } finally {
    client.close()
  }
}

/** What the chain measured where it did, else what the node says; 0 where neither tells anything. */
async function scoreOf(customer: RenderCustomer, worker: RenderWorker, signal: AbortSignal): Promise<number> {
  if (worker.kilosamplesPerSecond > 0) return worker.kilosamplesPerSecond / 1000
  try {
    return (await (await openAsk(customer, worker.node, signal)).info()).megasamplesPerSecond
  } catch (error) {
    customer.log.debug('A node did not say how fast it is.', { node: worker.node, error: String(error) })
    return 0
  }
}
