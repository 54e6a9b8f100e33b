import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import { giveBackMemory } from './give-back-memory.ts'
import { tagBytes, type Cipher } from '../protocol/cipher.ts'

/** AES and HKDF of Node and Electron, in native code. Inputs may lie in shared memory. */
export const nodeCipher: Cipher = {
  randomBytes: (length) => new Uint8Array(randomBytes(length)),

  deriveKey: (secret, salt, info) => new Uint8Array(hkdfSync('sha256', secret, salt, info, 32)),

  seal(key, nonce, additional, plain) {
    const cipher = createCipheriv('aes-256-gcm', key, nonce)
    cipher.setAAD(additional)
    const body = cipher.update(plain)
    cipher.final()
    const sealed = new Uint8Array(body.length + tagBytes)
    sealed.set(body)
    giveBackMemory(body)
    sealed.set(cipher.getAuthTag(), plain.length)
    return sealed
  },

  open(key, nonce, additional, sealed) {
    if (sealed.length < tagBytes) return null
    const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes })
    decipher.setAAD(additional)
    decipher.setAuthTag(sealed.subarray(sealed.length - tagBytes))
    const plain = decipher.update(sealed.subarray(0, sealed.length - tagBytes))
    try {
      decipher.final()
      return plain
    } catch {
      return null
    }
  },

  keyStream(key, fromByte) {
    const counter = new Uint8Array(16)
    new DataView(counter.buffer).setBigUint64(8, BigInt(fromByte / 16))
    const cipher = createCipheriv('aes-256-ctr', key, counter)
    return { apply: (bytes) => cipher.update(bytes) }
  },
}
