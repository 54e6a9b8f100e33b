import { HearthError } from '../../api/errors.ts'
import { proveLeaf, type LeafProof } from '../protocol/prove-leaf.ts'
import { hasher } from './hasher.ts'
import type { RootText } from './piece-root.ts'
import type { PieceStore } from './piece-store.ts'

/** A leaf cannot be shown; the message says which piece is missing. */
export class ProofError extends HearthError {}

/** One leaf of a stored piece with its path, from one block of 32 KiB. Throws ProofError and as `readBlocks` does. */
export async function proveStoredLeaf(store: PieceStore, root: RootText, leafIndex: number): Promise<LeafProof> {
  const stored = store.index.piece(root)
  if (stored === null) throw new ProofError('PROOF_PIECE_LOST', `Piece ${root} is not on this disk.`)
  const { lengthBytes, blockLayer } = stored
  const readBlock = (block: number): Promise<Uint8Array> => store.readBlocks(root, block, 1)
  return proveLeaf({ leafIndex, lengthBytes, blockLayer, hasher, readBlock })
}
