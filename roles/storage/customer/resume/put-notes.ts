import type { PlacedPiece } from '../place-segment.ts'
import type { LockIntent, PutJournal, PutRecord } from './put-journal.ts'
import type { PutPlan } from './put-plan.ts'

/** Where a put writes down what it must not do twice. */
export type PutNotes = {
  /** What an earlier try left; null at the first. */
  readonly earlier: PutRecord | null
  begin(plan: Pick<PutPlan, 'bytes' | 'k' | 'n' | 'fileSalt' | 'secrets'>): void
  segmentRead(segment: number, sha256: string): void
  piecePlaced(segment: number, piece: PlacedPiece): void
  locksBegun(locks: ReadonlyMap<string, LockIntent>): void
  paid(manifest: Uint8Array, paidWei: bigint): void
}

/** The notes of one put in the journal. */
export function createPutNotes(
  journal: PutJournal,
  subject: string,
  put: Pick<PutPlan, 'paths' | 'pathName' | 'fingerprint'> & { earlier: PutRecord | null },
): PutNotes {
  const { earlier, ...about } = put
  return {
    earlier,
    begin: (plan) => journal.begin(subject, { ...about, ...plan }),
    segmentRead: (segment, sha256) => journal.noteSegment(subject, segment, sha256),
    piecePlaced: (segment, piece) => journal.notePiece(subject, segment, piece),
    locksBegun: (locks) => journal.noteLocks(subject, locks),
    paid: (manifest, paidWei) => journal.notePaid(subject, manifest, paidWei),
  }
}
