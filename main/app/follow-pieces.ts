import type { RoleEvent } from '../../roles/api/messages.ts'
import type { PieceLedger } from '../store/index.ts'

/** Keeps the list of pieces up to date with what storage tells of them; other events say nothing about it. */
export function followPieces(pieces: PieceLedger, event: RoleEvent, atMs: number): void {
  if (event.kind === 'pieceStored') pieces.stored({ ...event, storedAtMs: atMs })
  if (event.kind === 'pieceRemoved') pieces.removed(event.root)
  if (event.kind === 'piecesLost') event.roots.forEach((root) => pieces.removed(root))
  if (event.kind === 'pieceDamaged') pieces.damaged(event.root)
}
