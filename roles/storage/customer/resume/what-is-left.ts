import { hexlify } from 'ethers'
import { listPieces, untilSettled } from '../../../../contracts/client/index.ts'
import type { CustomerContext } from '../context.ts'
import type { Offer } from '../find-providers.ts'
import type { Market } from '../market.ts'
import { mapParallel } from '../../../upkeep/map-parallel.ts'
import type { PlacedPiece } from '../place-segment.ts'
import type { LockIntent, PutRecord } from './put-journal.ts'

/** A piece must stay with its provider at least this much longer to count as placed: it is still to be signed for. */
const marginSeconds = 600

/**
 * Roots, as hex, of the pieces that an interrupted payment had already listed on chain. Waits for what that payment had sent:
 * it may land after the process that sent it is gone.
 */
export async function readListedRoots(
  context: CustomerContext,
  record: PutRecord,
  options: { readonly signal?: AbortSignal | undefined } = {},
): Promise<ReadonlySet<string>> {
  // The lock comes first: where none was begun, nothing is listed.
  if (record.locks.size === 0) return new Set()
  await untilSettled(context.chain, context.wallet.address, options)
  const nodes = [...new Set([...record.placed.values()].flat().map((piece) => piece.offer.node))]
  const lists = await mapParallel(nodes, 16, (node) => listPieces(context.chain, context.wallet.address, node))
  return new Set(lists.flat().flatMap((piece) => (piece.removed ? [] : [piece.root.toLowerCase()])))
}

/** True when a piece is on chain, and so must be neither signed for nor paid again. */
export function isListed(piece: Pick<PlacedPiece, 'root'>, listed: ReadonlySet<string>): boolean {
  return listed.has(hexlify(piece.root))
}

/**
 * Pieces of an earlier try that need not be sent again: those that are listed on chain, and those that a provider that answers
 * still keeps for long enough; listed ones first, never more than n of a segment. Pure.
 */
export function reusablePieces(
  record: Pick<PutRecord, 'placed'>,
  now: { offers: readonly Offer[]; listed: ReadonlySet<string>; nowSeconds: number; n: number },
): Map<number, readonly PlacedPiece[]> {
  const offers = new Map(now.offers.map((offer) => [offer.node.toLowerCase(), offer]))
  const result = new Map<number, readonly PlacedPiece[]>()
  for (const [segment, pieces] of record.placed) {
    const paid = pieces.filter((piece) => isListed(piece, now.listed))
    const kept = pieces.filter(
      (piece) =>
        !isListed(piece, now.listed) &&
        piece.keptUntilSeconds > now.nowSeconds + marginSeconds &&
        offers.has(piece.offer.node.toLowerCase()),
    )
    const current = [...paid, ...kept].slice(0, now.n).map((piece) => ({
      ...piece,
      offer: offers.get(piece.offer.node.toLowerCase()) ?? piece.offer,
    }))
    if (current.length > 0) result.set(segment, current)
  }
  return result
}

/** What goes into locks before a payment: what an interrupted one had locked already is not locked again. */
export async function planLocks(
  market: Pick<Market, 'readLock'>,
  wanted: ReadonlyMap<string, bigint>,
  begun: ReadonlyMap<string, LockIntent>,
): Promise<{ locks: Map<string, bigint>; intents: Map<string, LockIntent> }> {
  const nodes = [...wanted.keys()]
  const totals = await mapParallel(nodes, 16, async (node) => {
    const { availableWei, redeemedWei } = await market.readLock(node)
    return availableWei + redeemedWei
  })
  const locks = new Map<string, bigint>()
  const intents = new Map<string, LockIntent>()
  nodes.forEach((node, index) => {
    const earlier = begun.get(node)
    const there = earlier !== undefined && totals[index]! >= earlier.targetWei ? earlier.addedWei : 0n
    const addedWei = wanted.get(node)! > there ? wanted.get(node)! - there : 0n
    if (addedWei > 0n) locks.set(node, addedWei)
    intents.set(node, { targetWei: totals[index]! + addedWei, addedWei: addedWei + there })
  })
  return { locks, intents }
}
