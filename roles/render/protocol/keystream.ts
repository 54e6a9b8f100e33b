import { keccak_256 } from '@noble/hashes/sha3.js'

/** Bytes that one hash of the key stream hides. */
export const wordBytes = 32

/**
 * Hides or shows a cell (the same step twice is nothing): word w of cell c is combined with keccak256(key, c, w), numbers as four
 * bytes big endian. Chosen because a contract can do it for one cell, so that a key that does not open what was committed to
 * is proven on chain (FairSwap: Dziembowski, Eckey, Faust, 2018).
 */
export function applyKeystream(key: Uint8Array, cellIndex: number, bytes: Uint8Array): Uint8Array {
  if (key.length !== 32) throw new RangeError(`A frame key has 32 bytes, not ${key.length}.`)
  const result = new Uint8Array(bytes)
  const seed = new Uint8Array(40)
  seed.set(key)
  const view = new DataView(seed.buffer)
  view.setUint32(32, cellIndex)
  for (let word = 0; word * wordBytes < bytes.length; word++) {
    view.setUint32(36, word)
    const pad = keccak_256(seed)
    const end = Math.min(bytes.length, (word + 1) * wordBytes)
    for (let at = word * wordBytes; at < end; at++) result[at]! ^= pad[at - word * wordBytes]!
  }
  return result
}

/** What goes on chain before the key does. */
export function hashKey(key: Uint8Array): Uint8Array {
  return keccak_256(key)
}
