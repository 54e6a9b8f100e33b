import {
  ContractCallError,
  encodeDrop,
  encodeFinish,
  encodeRemovePieces,
  listPieces,
  type PieceEntry,
} from '../../../contracts/client/index.ts'
import type { ManifestPiece } from '../protocol/manifest.ts'
import type { CustomerContext } from './context.ts'
import type { Market, SetFacts } from './market.ts'

/** What became of one set from which pieces were taken out. */
export type TakenOut = {
  readonly node: string
  /** Pieces that end with the running period. */
  readonly pieces: number
  /** Pieces that must wait: a set takes 64 removals in a period. Ask again in the next one. */
  readonly waiting: number
  /** Escrow of a set that became empty; it comes back once the running period is over. 0 where the set goes on. */
  readonly comesBackWei: bigint
}

/** At most so many removals wait in a set (DataSets.sol). */
const removalsPerPeriod = 64
const transactionTimeoutMs = 120_000

/**
 * Takes pieces out of the customer's sets from the next period on; a set without any other piece is ended, so that its escrow
 * comes back. Pieces that are not there any more are passed over.
 */
export async function takeOut(
  { chain, sender }: CustomerContext,
  market: Market,
  pieces: readonly ManifestPiece[],
): Promise<TakenOut[]> {
  const active = new Map((await market.listSets()).map((set) => [set.node.toLowerCase(), set]))
  const byNode = new Map<string, Set<string>>()
  for (const { node, root } of pieces) {
    const roots = byNode.get(node.toLowerCase()) ?? new Set()
    byNode.set(node.toLowerCase(), roots.add(`0x${Buffer.from(root).toString('hex')}`))
  }
  const taken: TakenOut[] = []
  for (const [node, roots] of byNode) {
    const set = active.get(node)
    if (set?.state !== 'active') continue
    const present = (await listPieces(chain, market.customer, node)).filter((piece) => !piece.removed)
    const plan = planTakingOut(present, roots, set)
    if (plan === null) continue
    const call = plan.drop
      ? encodeDrop(chain.network, { node })
      : encodeRemovePieces(chain.network, { node, indices: plan.indices })
    await sender.send(call, { timeoutMs: transactionTimeoutMs })
    taken.push({ ...plan.result, node: set.node })
  }
  return taken
}

/** Whether to end a set or which pieces to remove now; null when it holds none of them. Pure. */
export function planTakingOut(
  present: readonly Pick<PieceEntry, 'root' | 'index'>[],
  roots: ReadonlySet<string>,
  set: Pick<SetFacts, 'escrowWei'>,
): {
  readonly drop: boolean
  readonly indices: readonly number[]
  readonly result: Omit<TakenOut, 'node'>
} | null {
  const ours = present.filter(({ root }) => roots.has(root)).map(({ index }) => index)
  if (ours.length === 0) return null
  const drop = ours.length === present.length
  const indices = drop ? [] : ours.slice(0, removalsPerPeriod)
  const pieces = drop ? ours.length : indices.length
  const comesBackWei = drop ? set.escrowWei : 0n
  return { drop, indices, result: { pieces, waiting: ours.length - pieces, comesBackWei } }
}

/** Fetches the escrow of sets that were ended and whose last period is over; those that run on are passed over. */
export async function finishDropped(
  { chain, sender }: CustomerContext,
  market: Market,
): Promise<{ readonly node: string; readonly amountWei: bigint }[]> {
  const finished: { node: string; amountWei: bigint }[] = []
  for (const { node, state } of await market.listSets()) {
    if (state !== 'dropping') continue
    // A proof of the last period may have been paid since the list was read.
    const set = await market.readSet(node)
    try {
      await sender.send(encodeFinish(chain.network, { customer: market.customer, node }), {
        timeoutMs: transactionTimeoutMs,
      })
      finished.push({ node, amountWei: set?.escrowWei ?? 0n })
    } catch (error) {
      if (!(error instanceof ContractCallError) || error.errorName !== 'StillOwed') throw error
    }
  }
  return finished
}
