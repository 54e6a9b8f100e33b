import { expect, it } from 'vitest'
import { RefusedError } from './errors.ts'
import { causeOf } from './explain-missed.ts'
import { ProofError } from './prove-stored-leaf.ts'

it.each([
  [new ProofError('PROOF_PIECE_LOST', 'Piece 0x1 is not on this disk.'), 'pieceLost'],
  [new RefusedError('diskFault', 'The disk of this provider is not usable now.'), 'diskAway'],
  [new RefusedError('diskFault', 'The piece was damaged on the disk of this provider.'), 'pieceLost'],
  [new RefusedError('unknownPiece', 'This provider does not hold the piece.'), 'pieceLost'],
  [new Error('insufficient funds for intrinsic transaction cost'), 'gasLow'],
  [new Error('connect ECONNREFUSED 127.0.0.1:8545'), 'chainAway'],
  ['The contract refused: ProofInvalid(3)', 'proofRefused'],
] as const)('5.5 a proof that fails with %s has a cause that a person understands', (error, cause) => {
  expect(causeOf(error)).toBe(cause)
})
