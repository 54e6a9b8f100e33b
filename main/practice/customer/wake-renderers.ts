import { setTimeout as delay } from 'node:timers/promises'
import { listRenderWorkers, readLatestBlock, type Chain } from '../../../contracts/client/index.ts'
import { enrol } from './enrol.ts'

/** Starting, measuring, entering the pool, on a busy computer. */
const wakeLimitMs = 60_000
const lookEveryMs = 2_000

/** Operators whose nodes take render work now, in lower case. */
export async function operatorsInPool(chain: Chain): Promise<string[]> {
  const { timestampSeconds } = await readLatestBlock(chain)
  const workers = await listRenderWorkers(chain)
  return workers
    .filter(({ inPool, untilSeconds }) => inPool && untilSeconds > timestampSeconds)
    .map(({ operator }) => operator.toLowerCase())
}

/**
 * Asks for the neighbours that render, who sleep until somebody wants them, and waits until so many operators take work, a
 * minute at most. Rejects when the signal fires.
 */
export async function wakeRenderers(chain: Chain, o: { operators: number; signal: AbortSignal }): Promise<void> {
  await enrol(chain, { rendering: true })
  const untilMs = performance.now() + wakeLimitMs
  while ((await operatorsInPool(chain)).length < o.operators && performance.now() < untilMs) {
    await delay(lookEveryMs, undefined, { signal: o.signal, ref: false })
  }
}
