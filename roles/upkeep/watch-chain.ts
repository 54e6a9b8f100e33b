import { setTimeout as wait } from 'node:timers/promises'
import { readLatestBlock, type Chain } from '../../contracts/client/index.ts'
import type { RoleContext } from '../api/worker.ts'
import type { Problems } from './problems.ts'

/** The newest block as last seen. */
export type Head = { readonly number: number; readonly hash: string; readonly timestampSeconds: number }

/** What changed since the last look. `reorganized`: blocks that were seen before may be gone, read everything anew. */
export type HeadChange = { readonly head: Head; readonly previous: Head | null; readonly reorganized: boolean }

export type WatchChainOptions = {
  readonly chain: Chain
  readonly pollMs: number
  readonly context: Pick<RoleContext, 'emit' | 'changed' | 'log'>
  readonly problems: Problems
  readonly signal: AbortSignal
  /** Called one after the other; a rejection is a lost chain and the same change comes again. */
  onHead(change: HeadChange): Promise<void>
}

/** Pauses between tries while the chain is away, at most. */
const longestRetryMs = 15_000
/** Bound of one look, so that a server that hangs counts as away. */
const readTimeoutMs = 10_000

/** Follows the chain until `signal` fires: looks, hands on what changed, waits. Never rejects. */
export async function watchChain(options: WatchChainOptions): Promise<void> {
  const { signal, context, problems } = options
  let seen: Head | null = null
  let failures = 0
  while (!signal.aborted) {
    try {
      const head = await withTimeout(readLatestBlock(options.chain))
      if (seen === null || head.hash !== seen.hash) {
        const reorganized = seen === null || isReorganized(seen, head)
        await options.onHead({ head, previous: reorganized ? null : seen, reorganized })
        seen = head
      }
      if (failures > 0) {
        failures = 0
        problems.solve('CHAIN_LOST')
        context.emit({ kind: 'chainBack', blockNumber: head.number })
        context.changed()
      }
    } catch (error) {
      if (signal.aborted) return
      failures++
      // The first failure may be one lost request; the second is news.
      if (failures === 2) announceLoss(error, context, problems)
    }
    await pause(failures, options.pollMs, signal)
  }
}

/** A chain that became shorter, or has another block at the same height, forgot blocks that we acted on. */
function isReorganized(seen: Head, head: Head): boolean {
  return head.number <= seen.number
}

function announceLoss(error: unknown, context: WatchChainOptions['context'], problems: Problems): void {
  const message = error instanceof Error ? error.message : String(error)
  context.log.warn('The chain cannot be reached.', { message })
  context.emit({ kind: 'chainLost', message: message.slice(0, 200) })
  problems.raise({
    code: 'CHAIN_LOST',
    message: 'The chain cannot be reached. What was done is kept; work goes on when it is back.',
    action: 'Check the network connection.',
  })
}

async function withTimeout<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${readTimeoutMs} ms`)), readTimeoutMs)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

async function pause(failures: number, pollMs: number, signal: AbortSignal): Promise<void> {
  const backoff = Math.min(longestRetryMs, pollMs * 1.5 ** Math.max(0, failures - 1))
  await wait(backoff * (0.85 + Math.random() * 0.3), undefined, { signal, ref: false }).catch(() => undefined)
}
