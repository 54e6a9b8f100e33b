/** AES and HKDF, handed in so that `protocol/` runs wherever there is any implementation of them. */
export type Cipher = {
  randomBytes(length: number): Uint8Array
  /** HKDF-SHA256 (RFC 5869) to 32 bytes. */
  deriveKey(secret: Uint8Array, salt: Uint8Array, info: string): Uint8Array
  /** AES-256-GCM; ciphertext and then a tag of 16 bytes. */
  seal(key: Uint8Array, nonce: Uint8Array, additional: Uint8Array, plain: Uint8Array): Uint8Array
  /** The plain bytes, or null when anything at all was changed. */
  open(key: Uint8Array, nonce: Uint8Array, additional: Uint8Array, sealed: Uint8Array): Uint8Array | null
  /**
   * AES-256-CTR whose counter is zero at byte zero; calls continue the stream from `fromByte`, a multiple of 16. The same
   * call masks and unmasks.
   */
  keyStream(key: Uint8Array, fromByte: number): { apply(bytes: Uint8Array): Uint8Array }
}

/** Bytes that AES-GCM adds. */
export const tagBytes = 16

/** A 12-byte nonce that counts: big-endian, unique as long as one key seals each number once. */
export function counterNonce(counter: number): Uint8Array {
  const nonce = new Uint8Array(12)
  new DataView(nonce.buffer).setUint32(8, counter)
  return nonce
}
