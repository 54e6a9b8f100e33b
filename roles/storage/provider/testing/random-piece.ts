import { randomBytes } from 'node:crypto'
import { hexlify } from 'ethers'
import { buildPieceTree } from '../../protocol/piece-tree.ts'
import { hasher } from '../hasher.ts'

/** A piece with its commitment. */
export type TestPiece = { readonly bytes: Uint8Array; readonly root: Uint8Array; readonly rootText: string }

/** Random bytes as a piece. */
export function randomPiece(lengthBytes: number): TestPiece {
  const bytes = randomBytes(lengthBytes)
  const { root } = buildPieceTree(bytes, hasher)
  return { bytes, root, rootText: hexlify(root) }
}
