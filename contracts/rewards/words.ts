/** Addresses and amounts as words of 32 bits, so that millions of them are added and compared without an object for each. */

/** Words of an address, highest first. */
export const addressWords = 5
/** Words of an amount in wei, lowest first. */
export const amountWords = 3
/**
 * No amount and no sum of one account has more bits. All tokens that there can ever be are 88; up to 93, whole gwei fit the 64
 * bits that the contract has for them too.
 */
export const amountBits = 93

const largestAmountWei = 2n ** BigInt(amountBits) - 1n
const largestLowWords = 2n ** 64n - 1n
/** What the highest word of a sum stays under. */
const highLimit = 2 ** (amountBits - 64)

/** What is no hex digit counts as more than the largest. */
const noDigit = 0x80
/** Value of a hex digit by its character: a table, since a branch per digit would cost more than all the rest. */
const hexDigits = Uint8Array.from({ length: 256 }, (_, code) => {
  const value = '0123456789abcdef'.indexOf(String.fromCharCode(code).toLowerCase())
  return value < 0 ? noDigit : value
})

/** Writes an address of `0x` and 40 hex digits in either case. Throws a RangeError for anything else. */
export function writeAddress(text: string, words: Uint32Array): void {
  let seen = text.length === 42 && text.startsWith('0x') ? 0 : noDigit
  for (let word = 0; word < addressWords; word++) {
    let bits = 0
    for (let digit = 2 + word * 8; digit < 10 + word * 8; digit++) {
      const value = hexDigits[text.charCodeAt(digit) & 0xff]!
      seen |= value | (text.charCodeAt(digit) & 0xff00)
      bits = (bits << 4) | value
    }
    words[word] = bits
  }
  if (seen > 15) throw new RangeError(`Operator ${text} is not an address of 0x and 40 hex digits.`)
}

/** The text of an address: `0x` and 40 digits in lower case. */
export function addressText(words: Uint32Array, at: number): string {
  let text = '0x'
  for (let word = 0; word < addressWords; word++) text += words[at + word]!.toString(16).padStart(8, '0')
  return text
}

/** Writes an amount. Throws a RangeError for one that nobody can have burned. */
export function writeAmount(wei: bigint, words: DataView): void {
  if (wei < 0n || wei > largestAmountWei) throw new RangeError(`Amount ${wei} wei is beyond what can be burned.`)
  words.setBigUint64(0, wei, true)
  words.setUint32(8, wei > largestLowWords ? Number(wei >> 64n) : 0, true)
}

/** Adds an amount to the three words at `at`. Throws a RangeError where the sum does not fit: nobody can have burned so much. */
export function addAmount(sums: Uint32Array, at: number, amount: DataView): void {
  const low = sums[at]! + amount.getUint32(0, true)
  const middle = sums[at + 1]! + amount.getUint32(4, true) + (low > 0xffffffff ? 1 : 0)
  const high = sums[at + 2]! + amount.getUint32(8, true) + (middle > 0xffffffff ? 1 : 0)
  if (high >= highLimit) throw new RangeError('The fees of one operator sum up beyond what can be burned.')
  sums[at] = low
  sums[at + 1] = middle
  sums[at + 2] = high
}

/** The amount in the three words at `at`. */
export function readAmount(words: Uint32Array, at: number): bigint {
  return (BigInt(words[at + 2]!) << 64n) | (BigInt(words[at + 1]!) << 32n) | BigInt(words[at]!)
}
