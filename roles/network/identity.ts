import { publicKeyFromRaw } from '@libp2p/crypto/keys'
import type { PrivateKey, Secp256k1PublicKey } from '@libp2p/interface'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { NetworkError } from './errors.ts'

/** A secp256k1 key that can be asked to sign; where the secret lives is its owner's business. */
export type IdentityKey = {
  /** 33 bytes, compressed. */
  readonly publicKey: Uint8Array
  /** DER-encoded ECDSA over SHA-256 of `data`, as libp2p wants it. */
  sign(data: Uint8Array): Promise<Uint8Array>
}

/** An identity whose secret is in this process: customers and tests. */
export function localIdentity(privateKey: Uint8Array): IdentityKey {
  const publicKey = secp256k1.getPublicKey(privateKey, true)
  return {
    publicKey,
    async sign(data) {
      return secp256k1.sign(sha256(data), privateKey, { prehash: false, format: 'der', lowS: true })
    },
  }
}

/**
 * The identity as libp2p's private key, without the private key.
 *
 * TLS (certificate extension), Noise (handshake payload) and identify (signed peer record) only ever call `sign` and
 * read the public key, so a remote signer serves all three and no certified session key is needed (tried with each).
 * Reading `raw` is refused loudly, so that a future libp2p that wants the secret is noticed by the first test.
 */
export function libp2pKeyOf(identity: IdentityKey): PrivateKey {
  const publicKey = publicKeyFromRaw(identity.publicKey) as Secp256k1PublicKey
  return {
    type: 'secp256k1',
    publicKey,
    get raw(): Uint8Array {
      throw new NetworkError('KEY_NOT_HERE', 'The role key stays with its signer and cannot be read.')
    },
    equals: (other?: unknown) =>
      typeof other === 'object' && other !== null && 'publicKey' in other && publicKey.equals(other.publicKey),
    sign: (data) => identity.sign(data instanceof Uint8Array ? data : data.subarray()),
  }
}
