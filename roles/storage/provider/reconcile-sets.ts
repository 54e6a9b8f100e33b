import { listDataSets, listPieces, type Chain } from '../../../contracts/client/index.ts'
import type { RoleContext } from '../../api/worker.ts'
import type { PieceStore } from './piece-store.ts'
import { parseRoot } from './piece-root.ts'
import type { Problems } from '../../upkeep/problems.ts'
import type { SetPiece } from './piece-index.ts'

export type ReconcileParts = {
  readonly chain: Chain
  readonly node: string
  readonly store: PieceStore
  readonly problems: Problems
  readonly context: Pick<RoleContext, 'emit' | 'changed' | 'log'>
}

/**
 * Seconds that a piece outlives its place in a data set: a chain that was set back (reorganization, practice network
 * after a kill) soon has it again when the customer repeats its transaction.
 */
const graceSeconds = 3600

/** Brings the index in line with every data set of this node. */
export async function reconcileAllSets(parts: ReconcileParts, nowSeconds: number): Promise<void> {
  const sets = await listDataSets(parts.chain, { node: parts.node })
  const onChain = new Set(sets.map((set) => set.customer.toLowerCase()))
  for (const customer of parts.store.index.setCustomers()) {
    if (!onChain.has(customer)) parts.store.index.replaceSet(customer, [], nowSeconds + graceSeconds)
  }
  for (const set of sets) await reconcileSet(parts, set.customer, nowSeconds)
}

/** Brings the index in line with one customer's data set: pieces that count are held, others may go after a while. */
export async function reconcileSet(parts: ReconcileParts, customer: string, nowSeconds: number): Promise<void> {
  const { store, context } = parts
  const listed = await listPieces(parts.chain, customer, parts.node)
  const pieces: SetPiece[] = listed
    .filter((piece) => piece.leafCount > 0)
    .map((piece) => ({ ...piece, root: parseRoot(piece.root) }))
  const { added } = store.index.replaceSet(customer, pieces, nowSeconds + graceSeconds)
  // What was lost with its disk was told then, and the exit gives its sets up.
  const missing = pieces.filter(
    ({ removed, root }) => !removed && store.index.piece(root) === null && !store.index.isLost(root),
  )
  if (missing.length > 0) {
    context.log.error('Pieces of a data set are not here.', { customer, roots: missing.map((piece) => piece.root) })
    parts.problems.raise({
      code: 'PIECE_LOST',
      message: `${missing.length} stored pieces are gone from this disk; proofs that draw them will fail.`,
      action: 'Connect the disk that held them, if there is one.',
    })
  }
  if (added.length > 0) {
    const lengthBytes = added.reduce((sum, piece) => sum + piece.lengthBytes, 0)
    context.emit({ kind: 'piecesAccepted', customer, count: added.length, lengthBytes })
    context.changed()
  }
}
