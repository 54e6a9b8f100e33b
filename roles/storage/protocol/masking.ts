import type { Cipher } from './cipher.ts'
import { pieceMaskKey } from './segment-keys.ts'

/**
 * Masks a piece or takes its mask off, block after block in order from byte `fromByte`, a multiple of 16 (PROTOCOL 5.1).
 *
 * The code is positional: without a mask, whoever holds k pieces could compute any challenged leaf of all others.
 */
export function pieceMask(
  cipher: Cipher,
  maskKey: Uint8Array,
  pieceIndex: number,
  fromByte = 0,
): { apply(block: Uint8Array): Uint8Array } {
  return cipher.keyStream(pieceMaskKey(cipher, maskKey, pieceIndex), fromByte)
}
