import { listDataSets, listPieces } from '../../contracts/client/index.ts'
import type { PieceRow } from '../api/channels.ts'
import type { Session } from './session.ts'

/** What the chain says about one piece of this node. */
type PieceOnChain = { readonly lastProvenPeriod: number | null }

/** The window asks after every change; the chain's list of all pieces is read at most this often. */
const freshMs = 3_000

const lastRead = new WeakMap<Session, { readonly atMs: number; readonly pieces: Promise<Map<string, PieceOnChain>> }>()

/**
 * The pieces that this home's storage node keeps, newest first: when they came from the ledger, whether a customer has
 * taken them into a data set and when they were last proven from the chain.
 */
export async function pieceRows(
  session: Session,
  page: { offset: number; limit: number },
): Promise<{ total: number; rows: readonly PieceRow[] }> {
  const onChain = await readAccepted(session)
  const rows = session.pieces.list(page).map((piece): PieceRow => {
    const accepted = onChain.get(pieceKey(piece.customer, piece.root))
    return {
      root: piece.root,
      lengthBytes: piece.lengthBytes,
      customer: piece.customer,
      storedAtMs: piece.storedAtMs,
      state: piece.damaged ? 'damaged' : accepted === undefined ? 'pending' : 'held',
      lastProvenPeriod: accepted?.lastProvenPeriod ?? null,
    }
  })
  return { total: session.pieces.count(), rows }
}

function readAccepted(session: Session): Promise<ReadonlyMap<string, PieceOnChain>> {
  const known = lastRead.get(session)
  if (known !== undefined && performance.now() - known.atMs < freshMs) return known.pieces
  const pieces = readPieces(session)
  lastRead.set(session, { atMs: performance.now(), pieces })
  pieces.catch(() => lastRead.delete(session))
  return pieces
}

async function readPieces({ chain, roleKeys }: Session): Promise<Map<string, PieceOnChain>> {
  const node = roleKeys.storage.address
  const sets = await listDataSets(chain, { node })
  const found = await Promise.all(
    sets.map(async (set) => {
      const pieces = await listPieces(chain, set.customer, node)
      const held = pieces.filter((piece) => !piece.removed)
      return held.map(({ root }) => [pieceKey(set.customer, root), { lastProvenPeriod: set.lastProvenPeriod }] as const)
    }),
  )
  return new Map(found.flat())
}

function pieceKey(customer: string, root: string): string {
  return `${customer.toLowerCase()}/${root.toLowerCase()}`
}
