import { CancelledError, HearthError } from '../../api/errors.ts'
import type { NetworkNode } from '../../network/index.ts'
import { acceptBatch, type Acceptance, type PieceRef } from './accept-batch.ts'
import { reasonOf } from './errors.ts'
import type { Offer } from './find-providers.ts'
import type { Market, SetFacts } from './market.ts'
import { mapParallel } from '../../upkeep/map-parallel.ts'
import type { PlacedPiece } from './place-segment.ts'

/** A provider's consent to all pieces of the file that it holds, in batches that fit one transaction each. */
export type Agreement = {
  readonly offer: Offer
  readonly set: SetFacts | null
  /** Signed for before anything is paid. */
  readonly first: Acceptance
  /** What does not fit the first transaction; a provider signs for the next batch only when the one before is on chain. */
  readonly later: readonly (readonly PieceRef[])[]
}

/** Pieces cannot be added to a set that has ended, until somebody has cleared its records. */
export class SetEndedError extends HearthError {
  constructor(node: string) {
    super('SET_ENDED', `The data set on node ${node} has ended and its records are not cleared yet.`)
  }
}

/** About 50,000 gas a piece: a batch stays well below the 16.7 million that one transaction may use (EIP-7825). */
export const piecesPerBatch = 128

/**
 * Asks every provider that holds pieces for its signature. Those that refuse are returned with their reason; their pieces
 * must be placed elsewhere. Throws CancelledError and errors of the chain.
 */
export async function agreeWithProviders(
  market: Market,
  node: NetworkNode,
  placed: ReadonlyMap<number, readonly PlacedPiece[]>,
  options: { signal?: AbortSignal },
): Promise<{ agreements: Agreement[]; refused: Map<string, string> }> {
  const byNode = new Map<string, PlacedPiece[]>()
  for (const piece of [...placed.values()].flat()) {
    byNode.set(piece.offer.node, [...(byNode.get(piece.offer.node) ?? []), piece])
  }
  const refused = new Map<string, string>()
  const agreements = await mapParallel([...byNode.values()], 24, async (pieces) => {
    const { offer } = pieces[0]!
    try {
      return await agree(market, node, offer, pieces, options)
    } catch (error) {
      if (options.signal?.aborted) throw new CancelledError('Agreeing with providers')
      refused.set(offer.node, reasonOf(error))
      return null
    }
  })
  return { agreements: agreements.filter((agreement) => agreement !== null), refused }
}

async function agree(
  market: Market,
  node: NetworkNode,
  offer: Offer,
  pieces: readonly PlacedPiece[],
  options: { signal?: AbortSignal },
): Promise<Agreement> {
  const set = await market.readSet(offer.node)
  if (set?.state === 'dropping' || set?.state === 'ended') throw new SetEndedError(offer.node)
  const batches: PieceRef[][] = []
  for (let from = 0; from < pieces.length; from += piecesPerBatch) {
    batches.push(pieces.slice(from, from + piecesPerBatch).map(({ root, lengthBytes }) => ({ root, lengthBytes })))
  }
  const [batch, ...later] = batches
  const first = await askForSignature(market, node, offer, batch!, { sequence: set?.sequence ?? 0, ...options })
  return { offer, set, first, later }
}

/** One batch at the prices that the provider offered. */
export function askForSignature(
  market: Market,
  node: NetworkNode,
  offer: Offer,
  pieces: readonly PieceRef[],
  options: { sequence: number; signal?: AbortSignal },
): Promise<Acceptance> {
  const { pricePerGiBPeriodWei, retrievalPricePerMiBWei, minimumBytesPerSecond, peerId } = offer
  const terms = { pricePerGiBPeriodWei, retrievalPricePerMiBWei, minimumBytesPerSecond }
  return acceptBatch(node, { peerId, network: { ...market.network, ...market.onBehalf }, pieces, terms, ...options })
}
