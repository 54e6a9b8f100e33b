import { storageChallenges } from '../../../contracts/client/index.ts'
import { locateLeaf } from '../protocol/locate-leaf.ts'
import type { SetPiece } from './piece-index.ts'
import type { PieceStore } from './piece-store.ts'
import { ProofError, proveStoredLeaf } from './prove-stored-leaf.ts'

export type ChallengeFacts = {
  readonly seed: string
  readonly setId: string
  readonly period: number
  /** Leaves that count in this period. */
  readonly leafCount: number
  /** The set's pieces in order. */
  readonly pieces: readonly SetPiece[]
}

/**
 * The five proofs of a period, one after the other without gaps: each a leaf and its siblings from the bottom up.
 * Reads one block of 32 KiB per challenge.
 */
export async function answerChallenges(store: PieceStore, facts: ChallengeFacts): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  const leaves = storageChallenges(facts.seed, facts.setId, facts.period, BigInt(facts.leafCount))
  for (const leaf of leaves) {
    const located = locateLeaf(facts.pieces, leaf)
    if (located === null) throw new ProofError('PROOF_SET_UNKNOWN', `Leaf ${leaf} lies in no known piece of the set.`)
    const { root } = located.piece
    if (store.index.isLost(root)) throw new ProofError('PROOF_PIECE_GONE', `Piece ${root} was lost with its disk.`)
    // Said here and not where bytes are read: the reason names the person's disk, which no peer is to know.
    const unreadable = store.whyUnreadable(root)
    if (unreadable !== null) throw new ProofError('PROOF_PIECE_LOST', unreadable)
    const proof = await proveStoredLeaf(store, root, located.leafIndex)
    parts.push(proof.leaf, ...proof.siblings)
  }
  return Buffer.concat(parts)
}
