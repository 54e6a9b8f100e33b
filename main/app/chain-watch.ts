import { readLatestBlock } from '../../contracts/client/index.ts'
import type { Chain } from '../../contracts/client/index.ts'
import type { Log, Undo } from '../../roles/api/values.ts'
import { bounded } from './bounded.ts'
import { every } from './every.ts'

const lookMs = 2_000
const answerMs = 5_000
/** One late answer is no loss; this many in a row are. */
const failuresUntilLost = 2

/** What is known of the chain now. */
export type ChainState =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'reachable'; readonly blockNumber: number; readonly blockHash: string }
  | { readonly kind: 'unreachable'; readonly sinceMs: number; readonly message: string }

/** What happened to the chain; `reorganized` also when a practice chain came back older. */
export type ChainEvent = 'block' | 'lost' | 'back' | 'reorganized'

/** Watches a chain until undone. `onEvent` is called after `state` has changed. */
export function watchChain(
  chain: Chain,
  onEvent: (event: ChainEvent) => void,
  log: Log,
): { state(): ChainState; stop: Undo } {
  let state: ChainState = { kind: 'unknown' }
  let failures = 0

  async function look(): Promise<void> {
    try {
      const block = await bounded(readLatestBlock(chain), 'The chain', answerMs)
      const event = await eventOf(chain, state, block)
      failures = 0
      state = { kind: 'reachable', blockNumber: block.number, blockHash: block.hash }
      if (event !== null) onEvent(event)
    } catch (error) {
      failures++
      if (failures < failuresUntilLost || state.kind === 'unreachable') return
      state = {
        kind: 'unreachable',
        sinceMs: Date.now(),
        message: error instanceof Error ? error.message : String(error),
      }
      onEvent('lost')
    }
  }

  const looking = every(lookMs, look, 'Looking at the chain', log)
  return { state: () => state, stop: looking.stop }
}

async function eventOf(
  chain: Chain,
  before: ChainState,
  block: { number: number; hash: string },
): Promise<ChainEvent | null> {
  if (before.kind === 'unreachable') return 'back'
  if (before.kind === 'unknown') return 'block'
  if (block.hash === before.blockHash) return null
  if (block.number <= before.blockNumber) return 'reorganized'
  const known = await bounded(chain.provider.getBlock(before.blockNumber), 'The chain', answerMs)
  return known?.hash === before.blockHash ? 'block' : 'reorganized'
}
