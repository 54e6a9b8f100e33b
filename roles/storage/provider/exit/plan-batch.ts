import type { PieceEntry } from '../../../../contracts/client/index.ts'

/** The contract lets so many removals wait for the end of a period. */
const mostPending = 64
/** About 120,000 gas a piece on both sides: a batch stays far below what one transaction may use (EIP-7825). */
const mostInBatch = 32

/**
 * The next pieces to hand over: an unbroken run of those that still count and can be read, as the contract takes them.
 * Empty when none is left or this period takes no more. Pure.
 */
export function planBatch(pieces: readonly PieceEntry[], isReadable: (root: string) => boolean): PieceEntry[] {
  const pending = pieces.filter((piece) => piece.removed && piece.leafCount > 0).length
  const most = Math.min(mostInBatch, mostPending - pending)
  const goes = (piece: PieceEntry): boolean => !piece.removed && isReadable(piece.root)
  const first = pieces.findIndex(goes)
  if (first === -1 || most <= 0) return []
  const rest = pieces.slice(first, first + most)
  const end = rest.findIndex((piece) => !goes(piece))
  return end === -1 ? rest : rest.slice(0, end)
}
