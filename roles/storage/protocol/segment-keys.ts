import { HearthError } from '../../api/errors.ts'
import { counterNonce, type Cipher } from './cipher.ts'

/** What a segment's keys are derived from: fresh random bytes for every segment. */
export const segmentSecretBytes = 32

/** The content key opens a segment; the mask key lets a repairer rebuild pieces without reading any (PROTOCOL 5.1). */
export type SegmentKeys = { readonly contentKey: Uint8Array; readonly maskKey: Uint8Array }

const noSalt = new Uint8Array(0)

export function deriveSegmentKeys(cipher: Cipher, segmentSecret: Uint8Array): SegmentKeys {
  return {
    contentKey: cipher.deriveKey(segmentSecret, noSalt, 'hearth/1 segment content'),
    maskKey: cipher.deriveKey(segmentSecret, noSalt, 'hearth/1 segment mask'),
  }
}

/** The key that masks one piece; used for this piece only, so its counter starts at zero. */
export function pieceMaskKey(cipher: Cipher, maskKey: Uint8Array, pieceIndex: number): Uint8Array {
  return cipher.deriveKey(maskKey, noSalt, `hearth/1 piece mask ${pieceIndex}`)
}

/** A wrapped key does not open under this customer and path. */
export class SegmentKeyError extends HearthError {
  constructor(segmentIndex: number) {
    super('SEGMENT_KEY', `The key of segment ${segmentIndex} does not open with this customer's secret.`, {
      action: 'Use the home that stored the file.',
    })
  }
}

/** The key that wraps a file's segment secrets: from the customer's secret, the path, and a salt that is new for every put. */
export function pathKey(
  cipher: Cipher,
  customerSecret: Uint8Array,
  fileSalt: Uint8Array,
  pathName: string,
): Uint8Array {
  return cipher.deriveKey(customerSecret, fileSalt, `hearth/1 path ${pathName}`)
}

export function wrapSegmentSecret(
  cipher: Cipher,
  key: Uint8Array,
  segmentIndex: number,
  secret: Uint8Array,
): Uint8Array {
  return cipher.seal(key, counterNonce(segmentIndex), noSalt, secret)
}

/** Throws SegmentKeyError. */
export function unwrapSegmentSecret(
  cipher: Cipher,
  key: Uint8Array,
  segmentIndex: number,
  wrapped: Uint8Array,
): Uint8Array {
  const secret = cipher.open(key, counterNonce(segmentIndex), noSalt, wrapped)
  if (secret?.length !== segmentSecretBytes) throw new SegmentKeyError(segmentIndex)
  return secret
}
