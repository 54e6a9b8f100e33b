import { keccak_256 } from '@noble/hashes/sha3.js'

/** What becomes one 32-byte word of `abi.encode`: a number or bigint as (u)int256, `0x` hex of 20 or 32 bytes, or 32 bytes as they are. */
export type Word = number | bigint | string | Uint8Array

const wordBytes = 32
const half = 2n ** 128n

/** keccak256(abi.encode(...)) of values that each fill one word: what a contract computes from the same arguments. */
export function hashWords(...words: readonly Word[]): Uint8Array {
  return keccak_256(encodeWords(words))
}

/** abi.encode of values that each fill one word. Throws a RangeError for hex of another length and a number that is no integer. */
export function encodeWords(words: readonly Word[]): Uint8Array {
  const bytes = new Uint8Array(words.length * wordBytes)
  const view = new DataView(bytes.buffer)
  words.forEach((word, index) => writeWord(bytes, view, index * wordBytes, word))
  return bytes
}

function writeWord(bytes: Uint8Array, view: DataView, at: number, word: Word): void {
  if (typeof word === 'number') return writeNumber(view, at, word)
  if (typeof word === 'bigint') return writeBigint(view, at, word)
  const given = typeof word === 'string' ? bytesOfHex(word) : word
  if (given.length > wordBytes) throw new RangeError(`A word of ${given.length} bytes is too long.`)
  bytes.set(given, at + wordBytes - given.length)
}

function writeNumber(view: DataView, at: number, value: number): void {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`${value} is no whole number that fits a word.`)
  view.setUint32(at + 24, Math.floor(value / 2 ** 32))
  view.setUint32(at + 28, value >>> 0)
}

/** Two's complement, as int256 has it. */
function writeBigint(view: DataView, at: number, value: bigint): void {
  if (value >= half || value < -half) throw new RangeError(`${value} does not fit 128 bits.`)
  const sign = value < 0n ? 2n ** 64n - 1n : 0n
  view.setBigUint64(at, sign)
  view.setBigUint64(at + 8, sign)
  view.setBigUint64(at + 16, BigInt.asUintN(64, value >> 64n))
  view.setBigUint64(at + 24, BigInt.asUintN(64, value))
}

/** Bytes of an address or a 32-byte value in hex. */
export function bytesOfHex(text: string): Uint8Array {
  if (!/^0x([0-9a-fA-F]{40}|[0-9a-fA-F]{64})$/.test(text))
    throw new RangeError(`"${text}" is neither an address nor 32 bytes.`)
  return Uint8Array.from({ length: (text.length - 2) / 2 }, (_, at) => parseInt(text.slice(2 + 2 * at, 4 + 2 * at), 16))
}

/** `0x` and lower-case hex. */
export function hexOfBytes(bytes: Uint8Array): string {
  return `0x${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`
}

/** Negative, zero or positive as `left` stands before, at or behind `right`; both of one length. */
export function compareBytes(left: Uint8Array, right: Uint8Array): number {
  for (let at = 0; at < left.length; at++) if (left[at] !== right[at]) return left[at]! - right[at]!
  return 0
}
