import { hashtreeHasher } from '../../../roles/storage/customer/hashtree-hasher.ts'
import { buildPieceTree } from '../../../roles/storage/protocol/piece-tree.ts'
import { measure, megabytesPerSecond, report, rounded } from './report.ts'

/** Committing to a piece of a full segment over four, on one core. */
export async function benchMerkle(): Promise<void> {
  const piece = new Uint8Array(16_764_924).map((_, index) => index * 7)
  const { medianMs, p95Ms, runs } = await measure(20, () => buildPieceTree(piece, hashtreeHasher))
  report({
    figure: 'Merkle commitment, one core',
    value: megabytesPerSecond(piece.length, medianMs),
    unit: 'MB/s',
    target: { atLeast: 300 },
    details: { p95: rounded(megabytesPerSecond(piece.length, p95Ms)), runs },
  })
}
