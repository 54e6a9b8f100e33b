import { keccak_256 } from '@noble/hashes/sha3.js'

/** What a node says of its result before it shows it (IRenderMarket): all as bytes, `node` of 20, the rest of 32. */
export type Opened = {
  readonly jobId: Uint8Array
  readonly unit: number
  readonly node: Uint8Array
  readonly salt: Uint8Array
  readonly resultRoot: Uint8Array
  readonly cipherRoot: Uint8Array
  readonly keyHash: Uint8Array
}

/**
 * keccak256(abi.encode(bytes32 jobId, uint256 unit, address node, bytes32 salt, bytes32 resultRoot, bytes32 cipherRoot, bytes32
 * keyHash)). Node and salt are in it, so that nobody can hand in another's commitment as his own.
 */
export function commitmentOf(opened: Opened): Uint8Array {
  const words = [
    opened.jobId,
    word(opened.unit),
    opened.node,
    opened.salt,
    opened.resultRoot,
    opened.cipherRoot,
    opened.keyHash,
  ]
  const bytes = new Uint8Array(words.length * 32)
  words.forEach((value, index) => {
    if (value.length > 32) throw new RangeError(`A word of ${value.length} bytes does not fit.`)
    bytes.set(value, (index + 1) * 32 - value.length)
  })
  return keccak_256(bytes)
}

function word(value: number): Uint8Array {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value))
  return bytes
}
