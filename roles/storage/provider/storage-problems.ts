import type { Problem } from '../../upkeep/problems.ts'

/** Worst first. */
export const storageProblems = [
  'DISK_MISSING',
  'DISK_WRONG',
  'DISK_READ_ONLY',
  'DISK_DENIED',
  'DISK_FAULT',
  'PIECE_DAMAGED',
  'PIECE_LOST',
  'CHAIN_LOST',
  'DISK_SLOW',
  'DISK_FULL',
]

/** The problem of pieces that no longer read as they were written. */
export function damagedPieces(count: number): Problem {
  const pieces =
    count === 1 ? 'One stored piece no longer reads as it was' : `${count} stored pieces no longer read as they were`
  return {
    code: 'PIECE_DAMAGED',
    message: `${pieces} written. Damaged pieces are not served.`,
    action: 'Check this disk; it may be failing.',
  }
}
