import { readStorageEvents, type Chain } from '../../../contracts/client/index.ts'
import type { RoleContext } from '../../api/worker.ts'
import type { PieceStore } from './piece-store.ts'
import type { Problems } from '../../upkeep/problems.ts'
import type { Prover } from './prover.ts'
import { reconcileAllSets, reconcileSet } from './reconcile-sets.ts'
import type { HeadChange } from '../../upkeep/watch-chain.ts'

export type FollowParts = {
  readonly chain: Chain
  readonly node: string
  readonly store: PieceStore
  readonly problems: Problems
  readonly context: RoleContext
  readonly prover: Prover
}

/** Brings index and prover to a new head. Rejects when the chain did not answer; the same change then comes again. */
export async function followChain(parts: FollowParts, change: HeadChange): Promise<void> {
  const { head, previous } = change
  if (previous === null) {
    parts.prover.reset()
    await reconcileAllSets(parts, head.timestampSeconds)
  } else {
    const events = await readStorageEvents(parts.chain, {
      node: parts.node,
      fromBlock: previous.number + 1,
      toBlock: head.number,
    })
    for (const customer of new Set(events.map((event) => event.customer))) {
      await reconcileSet(parts, customer, head.timestampSeconds)
    }
  }
  // Not awaited: a proof waits for its transaction, and the chain goes on meanwhile.
  void parts.prover.step(head)
}
